import type { auth } from "@signet/contracts";
import type { AuthorizationResponse } from "@signet/protocol";

/** What the browser is to carry to the application, as the gateway is told of it. */
export function toRedirect({ redirectUri, responseMode, parameters, refusedFor }: AuthorizationResponse): auth.Redirect {
  return { redirectUri, responseMode, parameters: [...parameters], explanation: refusedFor };
}
