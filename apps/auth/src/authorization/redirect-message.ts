import type { auth } from "@signet/contracts";
import type { AuthorizationResponse } from "@signet/protocol";

export function toRedirect({ redirectUri, responseMode, parameters }: AuthorizationResponse): auth.Redirect {
  return { redirectUri, responseMode, parameters: [...parameters] };
}
