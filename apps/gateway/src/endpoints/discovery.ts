import {
  clientAuthenticationMethods,
  grantTypes,
  type Issuer,
  responseTypes,
  signingAlgorithms,
  standardScopes,
} from "@signet/protocol";
import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { json } from "../http/reply.ts";
import { cors } from "../steps/headers.ts";

/** Provider metadata: OpenID Connect Discovery section 4, RFC 8414 section 3. The RFC's other name, with the tenant last, is in the route table. */
export const discovery = endpoint({
  method: "GET",
  paths: ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
  errors: oauthError,
  steps: [cors],
  async handle({ issuer }) {
    return json(200, providerMetadata(issuer), { "Cache-Control": "public, max-age=300" });
  },
});

function providerMetadata(issuer: Issuer): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/v1/auth`,
    token_endpoint: `${issuer}/oauth2/v1/token`,
    userinfo_endpoint: `${issuer}/oauth2/v1/userinfo`,
    jwks_uri: `${issuer}/oauth2/v1/certs`,
    scopes_supported: standardScopes,
    response_types_supported: responseTypes,
    response_modes_supported: ["query", "form_post"],
    grant_types_supported: grantTypes,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: signingAlgorithms,
    token_endpoint_auth_methods_supported: clientAuthenticationMethods,
    code_challenge_methods_supported: ["S256"],
    prompt_values_supported: ["none", "login", "consent", "select_account"],
    claim_types_supported: ["normal"],
    claims_supported: [
      ...["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "amr", "sid"],
      ...["name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website"],
      ...[
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "email",
        "email_verified",
        "address",
        "phone_number",
        "phone_number_verified",
      ],
    ],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  };
}
