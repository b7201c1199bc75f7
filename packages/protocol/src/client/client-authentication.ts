import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import type { Instant } from "../instant.ts";
import { type JwtRefusal, JwtRefused, parseCompactJwt } from "../jwt/compact-jwt.ts";
import { type Parameters, parseParameters, type SentParameter } from "../parameters/parameters.ts";
import { isSecretOf } from "../secret/secret.ts";
import type { Client, ClientAuthenticationMethod } from "./client.ts";
import { jwtBearerAssertionType } from "./client-assertion.ts";

const longestClientId = 256;

/** What a client showed to prove who it is. */
export type ClientCredentials =
  | { readonly method: "client_secret_basic" | "client_secret_post"; readonly clientId: string; readonly clientSecret: string }
  /** `clientId` is whose the assertion says that it is. */
  | { readonly method: "client_assertion"; readonly clientId: string; readonly clientAssertion: string }
  | { readonly method: "none"; readonly clientId: string };

/**
 * The credentials in a request: in the Authorization header or in the body, never both (RFC 6749 section 2.3).
 * @throws OAuthError invalid_request where there are two, invalid_client where there are none or they cannot be read
 */
export function clientCredentials(authorization: string | undefined, form: readonly SentParameter[]): ClientCredentials {
  const parameters = parseParameters(form);
  if (parameters.has("client_assertion") || parameters.has("client_assertion_type"))
    return assertionCredentials(authorization, parameters);
  return authorization === undefined ? bodyCredentials(parameters) : basicCredentials(authorization, parameters);
}

/**
 * RFC 7521 section 4.2. A secret beside an assertion is not looked at, and neither is the assertion: what the client was meant to show is one of them.
 */
function assertionCredentials(authorization: string | undefined, parameters: Parameters): ClientCredentials {
  const clientAssertion = parameters.get("client_assertion");
  if (clientAssertion === undefined)
    throw new OAuthError("invalid_request", "client_assertion_type was sent without client_assertion");
  if (authorization !== undefined || parameters.has("client_secret"))
    throw clientAuthenticationFailed("an assertion and a secret in one request");
  if (parameters.get("client_assertion_type") !== jwtBearerAssertionType)
    throw new OAuthError("invalid_client", `client_assertion_type must be ${jwtBearerAssertionType}`);
  const clientId = assertedClientId(clientAssertion);
  const named = parameters.get("client_id");
  if (named !== undefined && named !== clientId) throw clientAuthenticationFailed("client_id is not the assertion's subject");
  return { method: "client_assertion", clientId, clientAssertion };
}

/** Whose an assertion says that it is (RFC 7523 section 3, sub): not verified. */
function assertedClientId(assertion: string): string {
  try {
    const { sub } = parseCompactJwt(assertion).claims;
    if (typeof sub === "string" && sub !== "" && sub.length <= longestClientId) return sub;
  } catch (cause) {
    if (cause instanceof JwtRefused) throw assertionRefused(cause);
    throw cause;
  }
  throw clientAuthenticationFailed("the assertion has no sub");
}

function bodyCredentials(parameters: Parameters): ClientCredentials {
  const clientId = parameters.get("client_id");
  if (clientId === undefined) {
    throw new OAuthError(
      "invalid_client",
      "the client must authenticate: by the Authorization header, or by client_id and client_secret in the body",
    );
  }
  const clientSecret = parameters.get("client_secret");
  return clientSecret === undefined ? { method: "none", clientId } : { method: "client_secret_post", clientId, clientSecret };
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined and base64-encoded. */
function basicCredentials(authorization: string, parameters: Parameters): ClientCredentials {
  if (parameters.has("client_secret")) {
    throw new OAuthError("invalid_request", "the client authenticated both by the Authorization header and in the body");
  }
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw new OAuthError("invalid_client", "the Authorization header must be Basic, with base64");
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 1) throw new OAuthError("invalid_client", "the Basic credentials must be client_id, a colon and client_secret");
  const clientId = formDecoded(decoded.slice(0, colon));
  const clientSecret = formDecoded(decoded.slice(colon + 1));
  const named = parameters.get("client_id");
  if (named !== undefined && named !== clientId)
    throw new OAuthError("invalid_request", "client_id in the body is not that of the Authorization header");
  return { method: "client_secret_basic", clientId, clientSecret };
}

function formDecoded(value: string): string {
  if (!/[+%]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch (cause) {
    throw new OAuthError("invalid_client", "the Basic credentials must be form-encoded", { cause });
  }
}

/** The same for a client that does not exist, has another method, or showed a wrong secret: an attacker learns nothing. */
export function clientAuthenticationFailed(rule: string, why: JwtRefusal = {}): OAuthError {
  const cause = new Explanation({ rule, expected: why.expected, sent: why.sent }, why.cause && { cause: why.cause });
  return new OAuthError("invalid_client", "client authentication failed", { cause });
}

/** The same for an assertion, whatever is wrong with it. */
export function assertionRefused(cause: JwtRefused): OAuthError {
  const { message, expected, sent } = cause;
  return clientAuthenticationFailed(`the assertion is refused: ${message}`, {
    cause,
    ...(expected === undefined ? {} : { expected }),
    ...(sent === undefined ? {} : { sent }),
  });
}

/** What the credentials of each registered method look like; what proves that they are the client's is another matter. */
const shownBy: Readonly<Record<ClientAuthenticationMethod, ClientCredentials["method"]>> = {
  client_secret_basic: "client_secret_basic",
  client_secret_post: "client_secret_post",
  client_secret_jwt: "client_assertion",
  private_key_jwt: "client_assertion",
  // RFC 8705 section 2: client_id alone, and a certificate in TLS.
  tls_client_auth: "none",
  self_signed_tls_client_auth: "none",
  none: "none",
};

/**
 * The client, where what was shown is of the one kind that it is registered with (RFC 7591 section 2, token_endpoint_auth_method).
 * @throws OAuthError invalid_client
 */
export function requireMethod(client: Client | undefined, { method }: ClientCredentials): Client {
  if (client === undefined) throw clientAuthenticationFailed("unknown client");
  const registered = client.metadata.tokenEndpointAuthMethod;
  if (shownBy[registered] !== method) {
    throw clientAuthenticationFailed(`the client is registered for ${registered}`, {
      expected: shownBy[registered],
      sent: method,
    });
  }
  return client;
}

/**
 * Whether the secret is the client's, and still good.
 * @throws OAuthError invalid_client
 */
export function checkSecret(client: Client, clientSecret: string, now: Instant): void {
  if (client.secretHash === undefined) throw clientAuthenticationFailed("the client has no secret");
  if (!isSecretOf(clientSecret, client.secretHash)) throw clientAuthenticationFailed("wrong secret");
  checkSecretExpiry(client, now);
}

/** RFC 7591 section 3.2.1, client_secret_expires_at. @throws OAuthError invalid_client */
export function checkSecretExpiry({ secretExpiresAt }: Client, now: Instant): void {
  if (secretExpiresAt !== undefined && secretExpiresAt <= now) throw clientAuthenticationFailed("the secret has expired");
}
