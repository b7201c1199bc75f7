import { isDisplayText } from "../display/display-text.ts";
import { OAuthError } from "../errors.ts";
import { parseRedirectUri, type RedirectUri } from "../redirect-uri/redirect-uri.ts";
import { parseCustomScopes } from "../scope/custom-scope.ts";
import { type CustomScope, parseScope } from "../scope/scope.ts";
import { type AuthenticationMetadataDraft, parseAuthenticationMetadata } from "./authentication-metadata.ts";
import {
  type ApplicationType,
  accessTokenFormats,
  applicationTypes,
  type ClientAuthenticationMethod,
  type ClientMetadata,
  type GrantType,
  grantTypes,
  type ResponseType,
  refreshTokenPolicies,
  responseTypes,
  signingAlgorithms,
} from "./client.ts";
import { given, isGiven, oneOf, optionalAddress, optionalOneOf, refusedMetadata, severalOf } from "./members.ts";
import { type OpenIdMetadataDraft, parseOpenIdMetadata } from "./openid-metadata.ts";

/**
 * Client metadata as it was sent (RFC 7591 section 2 and Signet's own members): texts and lists, not yet looked at. An empty text or list
 * counts as left out, and what is left out has its default.
 */
export interface ClientMetadataDraft extends AuthenticationMetadataDraft, OpenIdMetadataDraft {
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
  readonly responseTypes?: readonly string[];
  readonly applicationType?: string;
  /** Space-separated. */
  readonly scope?: string;
  readonly idTokenSignedResponseAlg?: string;
  readonly accessTokenFormat?: string;
  readonly accessTokenSignedResponseAlg?: string;
  readonly clientName?: string;
  readonly logoUri?: string;
  readonly clientUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  readonly contacts?: readonly string[];
  /** Custom scopes. */
  readonly scopes?: readonly CustomScope[];
  readonly refreshTokens?: string | undefined;
}

const maximumRedirectUris = 20;
const maximumNameLength = 200;
const maximumContacts = 10;
const maximumContactLength = 254;

/**
 * Client metadata as a whole: RFC 7591 section 2, OpenID Connect Dynamic Registration section 2. An update is validated in the same way,
 * after it was merged with what the client has.
 * @throws OAuthError invalid_redirect_uri, invalid_client_metadata
 */
export function parseClientMetadata(draft: ClientMetadataDraft): ClientMetadata {
  const applicationType = oneOf("application_type", draft.applicationType, applicationTypes, "web");
  const grants = severalOf("grant_types", draft.grantTypes, grantTypes, ["authorization_code"]);
  const responses = parseResponseTypes(draft.responseTypes, grants);
  const authentication = parseAuthenticationMetadata(draft);
  checkGrantTypes(grants, authentication.tokenEndpointAuthMethod);
  const redirectUris = parseRedirectUris(draft.redirectUris ?? [], applicationType, grants);
  return {
    redirectUris,
    postLogoutRedirectUris: parseUris("post_logout_redirect_uris", draft.postLogoutRedirectUris ?? [], applicationType),
    grantTypes: grants,
    responseTypes: responses,
    ...authentication,
    ...parseOpenIdMetadata(draft, redirectUris),
    applicationType,
    idTokenSignedResponseAlg: oneOf("id_token_signed_response_alg", draft.idTokenSignedResponseAlg, signingAlgorithms, "RS256"),
    accessTokenFormat: oneOf("access_token_format", draft.accessTokenFormat, accessTokenFormats, "jwt"),
    clientName: parseClientName(draft.clientName ?? ""),
    contacts: parseContacts(draft.contacts ?? []),
    customScopes: parseCustomScopes(draft.scopes ?? []),
    ...given({
      accessTokenSignedResponseAlg: optionalOneOf(
        "access_token_signed_response_alg",
        draft.accessTokenSignedResponseAlg,
        signingAlgorithms,
      ),
      scope: isGiven(draft.scope) ? parseRegisteredScope(draft.scope) : undefined,
      logoUri: optionalAddress("logo_uri", draft.logoUri),
      clientUri: optionalAddress("client_uri", draft.clientUri),
      policyUri: optionalAddress("policy_uri", draft.policyUri),
      tosUri: optionalAddress("tos_uri", draft.tosUri),
      refreshTokens: optionalOneOf("refresh_tokens", draft.refreshTokens, refreshTokenPolicies),
    }),
  };
}

/** RFC 7591 section 2.1: response type `code` goes with grant type `authorization_code`, and neither without the other. */
function parseResponseTypes(values: readonly string[] | undefined, grants: readonly GrantType[]): readonly ResponseType[] {
  const hasCodeGrant = grants.includes("authorization_code");
  const responses = severalOf("response_types", values, responseTypes, hasCodeGrant ? ["code"] : []);
  if (responses.includes("code") && !hasCodeGrant) {
    throw refusedMetadata(
      "response_types has code, so grant_types must have authorization_code; or send an empty response_types",
    );
  }
  return responses;
}

function checkGrantTypes(grants: readonly GrantType[], method: ClientAuthenticationMethod): void {
  if (grants.includes("refresh_token") && !grants.includes("authorization_code")) {
    throw refusedMetadata("grant_types has refresh_token, so it must have authorization_code, which refresh tokens come from");
  }
  // RFC 6749 section 4.4: only confidential clients.
  if (grants.includes("client_credentials") && method === "none") {
    throw refusedMetadata("a client with token_endpoint_auth_method none must not have the grant type client_credentials");
  }
}

function parseRedirectUris(
  values: readonly string[],
  applicationType: ApplicationType,
  grants: readonly GrantType[],
): readonly RedirectUri[] {
  if (values.length === 0 && grants.includes("authorization_code")) {
    throw new OAuthError(
      "invalid_redirect_uri",
      "redirect_uris must have at least one entry for the grant type authorization_code",
    );
  }
  return parseUris("redirect_uris", values, applicationType);
}

function parseUris(member: string, values: readonly string[], applicationType: ApplicationType): readonly RedirectUri[] {
  if (values.length > maximumRedirectUris) {
    throw new OAuthError("invalid_redirect_uri", `${member} may have at most ${maximumRedirectUris} entries`);
  }
  if (new Set(values).size !== values.length) {
    throw new OAuthError("invalid_redirect_uri", `${member} must have each entry only once`);
  }
  return values.map((value, index) => {
    try {
      return parseRedirectUri(value, applicationType);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      throw new OAuthError(error.code, `${member}[${index}]: ${error.description}`, { cause: error });
    }
  });
}

function parseRegisteredScope(value: string): readonly string[] {
  try {
    return parseScope(value);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new OAuthError("invalid_client_metadata", error.description, { cause: error });
  }
}

function parseClientName(value: string): string {
  if (!isDisplayText(value, maximumNameLength)) {
    throw refusedMetadata(
      `client_name must be one line of at most ${maximumNameLength} characters, without control characters and changes of direction`,
    );
  }
  return value;
}

function parseContacts(values: readonly string[]): readonly string[] {
  if (values.length > maximumContacts) throw refusedMetadata(`contacts may have at most ${maximumContacts} entries`);
  if (!values.every((value) => value !== "" && isDisplayText(value, maximumContactLength))) {
    throw refusedMetadata(`each of contacts must be one line of 1 to ${maximumContactLength} characters`);
  }
  return [...values];
}
