import { type Client, type GrantType, grantTypes, isPublic } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import { type Parameters, required } from "../parameters/parameters.ts";
import { type CodeVerifier, parseCodeVerifier } from "../pkce/pkce.ts";
import { parseScope } from "../scope/scope.ts";
import { parseRefreshToken, type RefreshTokenParts } from "./refresh-token.ts";

/** RFC 6749 section 4.1.3. */
export interface CodeExchange {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier?: CodeVerifier;
}

/** RFC 6749 section 6. */
export interface Refresh {
  readonly presented: RefreshTokenParts;
  /** Absent: all that was granted. */
  readonly scopes?: readonly string[];
}

/** RFC 6749 section 4.4.2. */
export interface ClientCredentialsRequest {
  /** Absent: all that the client may have. */
  readonly scopes?: readonly string[];
}

/**
 * The grant that an authenticated client asks for.
 * @throws OAuthError invalid_request where it is missing, unsupported_grant_type where Signet does not know it, unauthorized_client
 * where the client is not registered for it (RFC 6749 section 5.2)
 */
export function parseGrantType(parameters: Parameters, client: Client): GrantType {
  const sent = required(parameters, "grant_type");
  const type = grantTypes.find((known) => known === sent);
  if (type === undefined) {
    const cause = new Explanation({ rule: "grant_type is one that Signet knows", expected: grantTypes.join(" "), sent });
    throw new OAuthError("unsupported_grant_type", `grant_type must be one of ${grantTypes.join(", ")}`, { cause });
  }
  if (!client.metadata.grantTypes.includes(type))
    throw new OAuthError("unauthorized_client", `the client is not registered for the grant type ${type}`, {
      cause: new Explanation({
        rule: "the client is registered for the grant type: grant_types",
        expected: client.metadata.grantTypes.join(" "),
        sent: type,
      }),
    });
  // RFC 6749 section 4.4: whoever knows the id of a public client could get its tokens.
  if (type === "client_credentials" && isPublic(client))
    throw new OAuthError("unauthorized_client", "client_credentials is for clients that authenticate with a secret");
  return type;
}

/**
 * redirect_uri is always demanded: every authorization request of Signet has one (OpenID Connect Core section 3.1.3.2).
 * @throws OAuthError invalid_request; invalid_grant for a code_verifier of a shape that answers no challenge
 */
export function parseCodeExchange(parameters: Parameters): CodeExchange {
  const code = required(parameters, "code");
  const redirectUri = required(parameters, "redirect_uri");
  const verifier = parameters.get("code_verifier");
  return verifier === undefined ? { code, redirectUri } : { code, redirectUri, codeVerifier: parseCodeVerifier(verifier) };
}

/** @throws OAuthError invalid_request, invalid_scope; invalid_grant for what cannot be a refresh token */
export function parseRefresh(parameters: Parameters): Refresh {
  const presented = parseRefreshToken(required(parameters, "refresh_token"));
  return { presented, ...sentScopes(parameters) };
}

/** @throws OAuthError invalid_scope */
export function parseClientCredentials(parameters: Parameters): ClientCredentialsRequest {
  return sentScopes(parameters);
}

function sentScopes(parameters: Parameters): { readonly scopes?: readonly string[] } {
  const scope = parameters.get("scope");
  return scope === undefined ? {} : { scopes: parseScope(scope) };
}
