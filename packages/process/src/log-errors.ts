import { OAuthError, ResourceError } from "@signet/protocol";
import { type ErrorListener, requestIdOf } from "@signet/rpc";
import type { Logger } from "@signet/telemetry";

/** What a service refused is of interest to whoever looks for it; what failed in it, always. */
export function logErrors(logger: Logger): ErrorListener {
  return (error, { path, context }) => {
    const details = { requestId: requestIdOf(context), method: path, err: error };
    if (error instanceof OAuthError || error instanceof ResourceError) logger.debug(details, "a call was refused");
    else logger.error(details, "a call failed");
  };
}
