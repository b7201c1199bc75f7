import type { Client } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import type { SessionPublicId } from "../ids.ts";
import { checkTotalLength, type Parameters, parseParameters, type SentParameter } from "../parameters/parameters.ts";
import { parseState } from "../parameters/state.ts";
import type { RedirectUri } from "../redirect-uri/redirect-uri.ts";
import type { IdTokenHint } from "./id-token-hint-claims.ts";
import { sidOf } from "./session-id.ts";

/** A sign-out that may be acted upon: OpenID Connect RP-Initiated Logout section 2. */
export interface LogoutRequest {
  /** Who asks for it, as far as anyone says so. */
  readonly client?: Client;
  /** The application's own ID token of the person, verified. */
  readonly hint?: IdTokenHint;
  readonly postLogoutRedirectUri?: RedirectUri;
  /** Goes back as it came. */
  readonly state?: string;
}

/** What a query has room for, since a request by POST is carried on in one. */
const maximumLength = 8 * 1024;

/**
 * The parameters of a request to the logout endpoint by name. `logout_hint` and `ui_locales` are among those that nothing is made of: a browser has one
 * session at an issuer, and the pages are in one language.
 * @throws OAuthError invalid_request, to be shown as a page
 */
export function parseLogoutParameters(sent: readonly SentParameter[]): Parameters {
  checkTotalLength(sent, maximumLength, "a logout request");
  return parseParameters(sent);
}

/**
 * Whose request it is, for the look-up that `parseLogoutRequest` needs: the client of the `id_token_hint`, which a `client_id` beside it must name too
 * (RP-Initiated Logout section 2).
 * @throws OAuthError invalid_request
 */
export function clientIdOfLogout(parameters: Parameters, hint: IdTokenHint | undefined): string | undefined {
  const clientId = parameters.get("client_id");
  if (hint === undefined || clientId === undefined) return hint?.clientId ?? clientId;
  if (clientId === hint.clientId) return clientId;
  throw new OAuthError("invalid_request", "client_id must name the client that the id_token_hint was issued to");
}

/**
 * The whole request. The browser is sent nowhere but exactly to a registered URI of a client that the request names (RP-Initiated Logout section 3).
 * `client` is the one of `clientIdOfLogout`, undefined where there is none.
 * @throws OAuthError invalid_request, to be shown as a page: with anything wrong nothing redirects (section 4)
 */
export function parseLogoutRequest(
  parameters: Parameters,
  hint: IdTokenHint | undefined,
  client: Client | undefined,
): LogoutRequest {
  const isNamed = clientIdOfLogout(parameters, hint) !== undefined;
  const postLogoutRedirectUri = parsePostLogoutRedirectUri(parameters.get("post_logout_redirect_uri"), isNamed, client);
  if (isNamed && client === undefined) throw new OAuthError("invalid_request", notAClient);
  const state = parseState(parameters);
  return {
    ...(client === undefined ? {} : { client }),
    ...(hint === undefined ? {} : { hint }),
    ...(postLogoutRedirectUri === undefined ? {} : { postLogoutRedirectUri }),
    ...(state === undefined ? {} : { state }),
  };
}

const notAClient =
  "client_id, or the client of id_token_hint, is not a client, or post_logout_redirect_uri is not exactly one of those registered for it";

function parsePostLogoutRedirectUri(
  sent: string | undefined,
  isNamed: boolean,
  client: Client | undefined,
): RedirectUri | undefined {
  if (sent === undefined) return undefined;
  if (!isNamed) {
    const description = "post_logout_redirect_uri needs an id_token_hint or a client_id that says whose it is";
    throw new OAuthError("invalid_request", description);
  }
  const registered = client?.metadata.postLogoutRedirectUris.find((uri) => uri === sent);
  if (registered === undefined) throw new OAuthError("invalid_request", notAClient);
  return registered;
}

/** What is to be done with a sign-out. */
export type LogoutDecision =
  /** The person has to be asked. */
  | "ask"
  /** The browser's session ends. */
  | "end-session"
  /** Nobody is signed in: there is nothing to end, and nobody to be asked. */
  | "nobody";

/**
 * Asks, unless the person said so already or the application holds an ID token of this very session: RP-Initiated Logout section 2, where an `id_token_hint`
 * is missing or of another session. A link on a foreign page so signs nobody out.
 */
export function decideLogout(
  { hint }: Pick<LogoutRequest, "hint">,
  session: { readonly publicId: SessionPublicId } | undefined,
  confirmed: boolean,
): LogoutDecision {
  if (session === undefined) return "nobody";
  const isOfSession = hint !== undefined && hint.sid === sidOf(session.publicId, hint.clientId);
  return confirmed || isOfSession ? "end-session" : "ask";
}

/** Where the browser goes after a sign-out. */
export interface LogoutReturn {
  /** With the state, where one was sent. */
  readonly uri: string;
  /**
   * Whether it may go there by itself. Where nobody was there to be asked, and the application showed no ID token, nothing says that the request was its own
   * (RP-Initiated Logout section 3): then the person chooses.
   */
  readonly automatic: boolean;
}

/** Where the browser goes once the decision was carried out; undefined where it stays. */
export function logoutReturn(
  { hint, postLogoutRedirectUri, state }: LogoutRequest,
  decision: Exclude<LogoutDecision, "ask">,
): LogoutReturn | undefined {
  if (postLogoutRedirectUri === undefined) return undefined;
  const separator = postLogoutRedirectUri.includes("?") ? "&" : "?";
  const uri =
    state === undefined ? postLogoutRedirectUri : `${postLogoutRedirectUri}${separator}state=${encodeURIComponent(state)}`;
  return { uri, automatic: decision === "end-session" || hint !== undefined };
}
