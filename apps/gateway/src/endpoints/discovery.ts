import {
  acrValues,
  clientAuthenticationMethods as allAuthenticationMethods,
  type ClientAuthenticationMethod,
  clientSecretAlgorithms,
  clientSigningAlgorithms,
  displays,
  grantTypes,
  type Issuer,
  prompts,
  responseModes,
  responseTypes,
  signingAlgorithms,
  standardScopes,
  subjectTypes,
  type Tenant,
  type TenantSettings,
  tokenEndpointPaths,
  userInfoClaimNames,
} from "@signet/protocol";
import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { type TaggedReply, tagged, unlessUnchanged } from "../http/conditional.ts";
import { json } from "../http/reply.ts";
import { cors } from "../steps/headers.ts";

/** Provider metadata: OpenID Connect Discovery section 4, RFC 8414 section 3. The router adds the RFC's other name, with the tenant last. */
export const discovery = endpoint({
  method: "GET",
  paths: ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
  errors: oauthError,
  steps: [cors],
  outlivesRegistry: true,
  isAlwaysServed: true,
  async handle(request, { seesCertificates }) {
    const { issuer, tenant } = request;
    let reply = replies.get(tenant);
    if (reply === undefined) {
      const metadata = providerMetadata(issuer, tenant.settings, seesCertificates);
      reply = tagged(json(200, metadata, { "Cache-Control": "public, max-age=300" }));
      replies.set(tenant, reply);
    }
    return unlessUnchanged(request, reply);
  },
});

/** A tenant that has changed is another object; until then its metadata is the same, and takes a fifth of a request to write down. */
const replies = new WeakMap<Tenant, TaggedReply>();

/** The languages that the pages are in: whatever `ui_locales` asks for, the best match is this one. */
const pageLocales = ["en"];

/** Of ID tokens, OpenID Connect Core section 2; `sid` is that of Front-Channel Logout section 3. */
const idTokenClaimNames = ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr", "sid"];

const methodsInTls: readonly ClientAuthenticationMethod[] = ["tls_client_auth", "self_signed_tls_client_auth"];
const assertionAlgorithms = [...clientSigningAlgorithms, ...clientSecretAlgorithms];

function providerMetadata(
  issuer: Issuer,
  { registration, policyUri, tosUri, serviceDocumentation }: TenantSettings,
  seesCertificates: boolean,
): object {
  const clientAuthenticationMethods = allAuthenticationMethods.filter(
    (method) => seesCertificates || !methodsInTls.includes(method),
  );
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/v1/auth`,
    token_endpoint: `${issuer}${tokenEndpointPaths[0]}`,
    userinfo_endpoint: `${issuer}/oauth2/v1/userinfo`,
    introspection_endpoint: `${issuer}/oauth2/v1/introspect`,
    revocation_endpoint: `${issuer}/oauth2/v1/revoke`,
    end_session_endpoint: `${issuer}/oauth2/v1/logout`,
    jwks_uri: `${issuer}/oauth2/v1/certs`,
    ...(registration.mode === "off" ? {} : { registration_endpoint: `${issuer}/oauth2/v1/register` }),
    scopes_supported: standardScopes,
    response_types_supported: responseTypes,
    response_modes_supported: responseModes,
    grant_types_supported: grantTypes,
    subject_types_supported: subjectTypes,
    id_token_signing_alg_values_supported: signingAlgorithms,
    userinfo_signing_alg_values_supported: signingAlgorithms,
    token_endpoint_auth_methods_supported: clientAuthenticationMethods,
    // A public client may end its own tokens, but not ask about them (RFC 7662 section 2.1).
    revocation_endpoint_auth_methods_supported: clientAuthenticationMethods,
    introspection_endpoint_auth_methods_supported: clientAuthenticationMethods.filter((method) => method !== "none"),
    introspection_signing_alg_values_supported: signingAlgorithms,
    // RFC 8705 section 3.3.
    ...(seesCertificates ? { tls_client_certificate_bound_access_tokens: true } : {}),
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    code_challenge_methods_supported: ["S256"],
    prompt_values_supported: prompts,
    claim_types_supported: ["normal"],
    claims_supported: [...idTokenClaimNames, ...userInfoClaimNames(standardScopes, [], [])],
    claims_parameter_supported: true,
    acr_values_supported: acrValues,
    display_values_supported: displays,
    ui_locales_supported: pageLocales,
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    request_object_signing_alg_values_supported: clientSigningAlgorithms,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    op_policy_uri: policyUri,
    op_tos_uri: tosUri,
    service_documentation: serviceDocumentation,
  };
}
