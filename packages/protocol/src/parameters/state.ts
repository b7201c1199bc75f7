import { OAuthError } from "../errors.ts";
import type { Parameters } from "./parameters.ts";

const maximumStateLength = 2048;

/**
 * What goes back to the application as it came (RFC 6749 section 4.1.1, OpenID Connect RP-Initiated Logout section 2); undefined where nothing was sent.
 * @throws OAuthError invalid_request where it is too long to go back
 */
export function parseState(parameters: Parameters): string | undefined {
  const state = parameters.get("state");
  if (state !== undefined && state.length > maximumStateLength) {
    throw new OAuthError("invalid_request", `state may have at most ${maximumStateLength} characters`);
  }
  return state;
}
