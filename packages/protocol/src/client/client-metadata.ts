import { isDisplayText } from "../display/display-text.ts";
import { isPageAddress, pageAddressRule } from "../display/page-address.ts";
import { OAuthError } from "../errors.ts";
import { parseRedirectUri, type RedirectUri } from "../redirect-uri/redirect-uri.ts";
import { parseCustomScopes } from "../scope/custom-scope.ts";
import { type CustomScope, parseScope } from "../scope/scope.ts";
import {
  type ApplicationType,
  accessTokenFormats,
  applicationTypes,
  type ClientAuthenticationMethod,
  type ClientMetadata,
  clientAuthenticationMethods,
  type GrantType,
  grantTypes,
  type ResponseType,
  refreshTokenPolicies,
  responseTypes,
  type SigningAlgorithm,
  signingAlgorithms,
} from "./client.ts";

/**
 * Client metadata as it was sent (RFC 7591 section 2 and Signet's own members): texts and lists, not yet looked at. An empty text or list
 * counts as left out, and what is left out has its default.
 */
export interface ClientMetadataDraft {
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
  readonly responseTypes?: readonly string[];
  readonly tokenEndpointAuthMethod?: string;
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
  const tokenEndpointAuthMethod = oneOf(
    "token_endpoint_auth_method",
    draft.tokenEndpointAuthMethod,
    clientAuthenticationMethods,
    "client_secret_basic",
  );
  checkGrantTypes(grants, tokenEndpointAuthMethod);
  return {
    redirectUris: parseRedirectUris(draft.redirectUris ?? [], applicationType, grants),
    postLogoutRedirectUris: parseUris("post_logout_redirect_uris", draft.postLogoutRedirectUris ?? [], applicationType),
    grantTypes: grants,
    responseTypes: responses,
    tokenEndpointAuthMethod,
    applicationType,
    idTokenSignedResponseAlg: parseAlgorithm("id_token_signed_response_alg", draft.idTokenSignedResponseAlg),
    accessTokenFormat: oneOf("access_token_format", draft.accessTokenFormat, accessTokenFormats, "jwt"),
    clientName: parseClientName(draft.clientName ?? ""),
    contacts: parseContacts(draft.contacts ?? []),
    customScopes: parseCustomScopes(draft.scopes ?? []),
    ...(isGiven(draft.accessTokenSignedResponseAlg)
      ? {
          accessTokenSignedResponseAlg: parseAlgorithm("access_token_signed_response_alg", draft.accessTokenSignedResponseAlg),
        }
      : {}),
    ...(isGiven(draft.scope) ? { scope: parseRegisteredScope(draft.scope) } : {}),
    ...(isGiven(draft.logoUri) ? { logoUri: parseAddress("logo_uri", draft.logoUri) } : {}),
    ...(isGiven(draft.clientUri) ? { clientUri: parseAddress("client_uri", draft.clientUri) } : {}),
    ...(isGiven(draft.policyUri) ? { policyUri: parseAddress("policy_uri", draft.policyUri) } : {}),
    ...(isGiven(draft.tosUri) ? { tosUri: parseAddress("tos_uri", draft.tosUri) } : {}),
    ...(isGiven(draft.refreshTokens)
      ? { refreshTokens: oneOf("refresh_tokens", draft.refreshTokens, refreshTokenPolicies, "offline_access") }
      : {}),
  };
}

function parseAlgorithm(member: string, value: string | undefined): SigningAlgorithm {
  return oneOf(member, value, signingAlgorithms, "RS256");
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function oneOf<Value extends string>(
  member: string,
  value: string | undefined,
  known: readonly Value[],
  otherwise: Value,
): Value {
  if (!isGiven(value)) return otherwise;
  const found = known.find((one) => one === value);
  if (found === undefined) throw refused(`${member} must be one of: ${known.join(", ")}`);
  return found;
}

function severalOf<Value extends string>(
  member: string,
  values: readonly string[] | undefined,
  known: readonly Value[],
  otherwise: readonly Value[],
): readonly Value[] {
  if (values === undefined || values.length === 0) return otherwise;
  if (!values.every((value) => known.some((one) => one === value))) {
    throw refused(`${member} may have only these values: ${known.join(", ")}`);
  }
  return known.filter((one) => values.includes(one));
}

/** RFC 7591 section 2.1: response type `code` goes with grant type `authorization_code`, and neither without the other. */
function parseResponseTypes(values: readonly string[] | undefined, grants: readonly GrantType[]): readonly ResponseType[] {
  const hasCodeGrant = grants.includes("authorization_code");
  const responses = severalOf("response_types", values, responseTypes, hasCodeGrant ? ["code"] : []);
  if (responses.includes("code") && !hasCodeGrant) {
    throw refused("response_types has code, so grant_types must have authorization_code; or send an empty response_types");
  }
  return responses;
}

function checkGrantTypes(grants: readonly GrantType[], method: ClientAuthenticationMethod): void {
  if (grants.includes("refresh_token") && !grants.includes("authorization_code")) {
    throw refused("grant_types has refresh_token, so it must have authorization_code, which refresh tokens come from");
  }
  // RFC 6749 section 4.4: only confidential clients.
  if (grants.includes("client_credentials") && method === "none") {
    throw refused("a client with token_endpoint_auth_method none must not have the grant type client_credentials");
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
    throw refused(
      `client_name must be one line of at most ${maximumNameLength} characters, without control characters and changes of direction`,
    );
  }
  return value;
}

function parseAddress(member: string, value: string): string {
  if (!isPageAddress(value)) throw refused(`${member} ${pageAddressRule}`);
  return value;
}

function parseContacts(values: readonly string[]): readonly string[] {
  if (values.length > maximumContacts) throw refused(`contacts may have at most ${maximumContacts} entries`);
  if (!values.every((value) => value !== "" && isDisplayText(value, maximumContactLength))) {
    throw refused(`each of contacts must be one line of 1 to ${maximumContactLength} characters`);
  }
  return [...values];
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_client_metadata", description);
}
