import type { Client } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import { checkTotalLength, type Parameters, parseParameters, required, type SentParameter } from "../parameters/parameters.ts";
import { parseState } from "../parameters/state.ts";
import { matchRedirectUri, type RedirectUri } from "../redirect-uri/redirect-uri.ts";

/** How the answer gets to the application: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1, OAuth 2.0 Form Post Response Mode. */
export const responseModes = ["query", "form_post"] as const;
export type ResponseMode = (typeof responseModes)[number];

/** Where and how the client is answered. There is one only once client_id and redirect_uri are known to be good: nothing redirects before. */
export interface Redirection {
  readonly client: Client;
  readonly redirectUri: RedirectUri;
  readonly responseMode: ResponseMode;
  /** Goes back as it came (RFC 6749 section 4.1.2). */
  readonly state?: string;
}

const maximumLength = 16 * 1024;

/**
 * The parameters of an authorization request by name. A parameter that was sent twice makes all of them doubtful, also where the answer would
 * go: it is told on a page.
 * @throws OAuthError invalid_request, to be shown as a page
 */
export function parseAuthorizationParameters(sent: readonly SentParameter[]): Parameters {
  checkTotalLength(sent, maximumLength, "an authorization request");
  return parseParameters(sent);
}

/**
 * The `client_id` of the request, for the look-up that `parseRedirection` needs.
 * @throws OAuthError invalid_request, to be shown as a page
 */
export function clientIdOf(parameters: Parameters): string {
  return required(parameters, "client_id");
}

/**
 * Where the request's answer goes: exactly to a registered redirect URI (RFC 9700 section 2.1), which OpenID Connect Core section 3.1.2.1
 * requires to be sent. A response mode that is not known counts as `query` here, so that its error has a way to the client. A `state` that
 * is too long to go back has none: without its state the client could not tell the answer from a forged one.
 * `client` is the one of the request's client_id, undefined where there is none: which of the two is wrong is not told.
 * @throws OAuthError invalid_request, to be shown as a page, never redirected (RFC 6749 section 4.1.2.1)
 */
export function parseRedirection(parameters: Parameters, client: Client | undefined): Redirection {
  clientIdOf(parameters);
  const sent = required(parameters, "redirect_uri");
  const redirectUri = client && matchRedirectUri(sent, client.metadata.redirectUris, client.metadata.applicationType);
  if (client === undefined || redirectUri === undefined) {
    throw new OAuthError(
      "invalid_request",
      "client_id is not the id of a client, or redirect_uri is not exactly one of the redirect URIs registered for it",
      { cause: redirectionRefused(sent, client) },
    );
  }
  const state = parseState(parameters);
  const responseMode = parseResponseMode(parameters) ?? "query";
  return { client, redirectUri, responseMode, ...(state === undefined ? {} : { state }) };
}

function redirectionRefused(sent: string, client: Client | undefined): Explanation {
  if (client === undefined) return new Explanation({ rule: "client_id is the id of a client of this tenant" });
  const expected = client.metadata.redirectUris.join(" ");
  return new Explanation({ rule: "redirect_uri is exactly one that is registered (RFC 9700 section 2.1)", expected, sent });
}

/** The response mode asked for, `query` where none was; undefined for one that is not known, such as `fragment`. */
export function parseResponseMode(parameters: Parameters): ResponseMode | undefined {
  const sent = parameters.get("response_mode") ?? "query";
  return responseModes.find((mode) => mode === sent);
}
