import { OAuthError } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { type Parameters, parseParameters, type SentParameter } from "../parameters/parameters.ts";
import { isSecretOf } from "../secret/secret.ts";
import type { Client, ClientAuthenticationMethod } from "./client.ts";

/** What a client showed to prove who it is. */
export type ClientCredentials =
  | { readonly method: "client_secret_basic" | "client_secret_post"; readonly clientId: string; readonly clientSecret: string }
  | { readonly method: "none"; readonly clientId: string };

/**
 * The credentials in a request: in the Authorization header or in the body, never both (RFC 6749 section 2.3).
 * @throws OAuthError invalid_request where there are two, invalid_client where there are none or the header cannot be read
 */
export function clientCredentials(authorization: string | undefined, form: readonly SentParameter[]): ClientCredentials {
  const parameters = parseParameters(form);
  return authorization === undefined ? bodyCredentials(parameters) : basicCredentials(authorization, parameters);
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
export function clientAuthenticationFailed(cause: string): OAuthError {
  return new OAuthError("invalid_client", "client authentication failed", { cause });
}

/**
 * Whether the credentials are the client's, by the one method that it is registered with (RFC 7591 section 2, token_endpoint_auth_method).
 * @throws OAuthError invalid_client
 */
export function authenticateClient(client: Client | undefined, credentials: ClientCredentials, now: Instant): Client {
  if (client === undefined) throw clientAuthenticationFailed("unknown client");
  const registered: ClientAuthenticationMethod = client.metadata.tokenEndpointAuthMethod;
  if (credentials.method !== registered)
    throw clientAuthenticationFailed(`registered for ${registered}, used ${credentials.method}`);
  if (credentials.method === "none") return client;
  if (client.secretHash === undefined) throw clientAuthenticationFailed("the client has no secret");
  if (!isSecretOf(credentials.clientSecret, client.secretHash)) throw clientAuthenticationFailed("wrong secret");
  if (client.secretExpiresAt !== undefined && client.secretExpiresAt <= now)
    throw clientAuthenticationFailed("the secret has expired");
  return client;
}
