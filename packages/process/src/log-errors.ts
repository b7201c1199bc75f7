import { OAuthError, RateLimitedError, ResourceError } from "@signet/protocol";
import { CredentialsRefusedError, callerOf, type ErrorListener, isCallerRefused, requestIdOf } from "@signet/rpc";
import type { Logger } from "@signet/telemetry";

/**
 * What a service refused is of interest to whoever looks for it; what failed in it, always. Who may not call is worth a line: a service that is
 * misconfigured, or somebody who tries; but anybody can have any number of them written, so that it is a short one.
 */
export function logErrors(logger: Pick<Logger, "debug" | "warn" | "error">): ErrorListener {
  return (error, { path, context }) => {
    const call = { requestId: requestIdOf(context), method: path };
    if (isCallerRefused(error))
      logger.warn({ ...call, caller: callerOf(context), reason: error.details }, "a caller was refused");
    else if (isRefusal(error)) logger.debug({ ...call, err: error }, "a call was refused");
    else logger.error({ ...call, err: error }, "a call failed");
  };
}

function isRefusal(error: unknown): boolean {
  if (error instanceof OAuthError || error instanceof RateLimitedError) return true;
  return error instanceof ResourceError && !(error instanceof CredentialsRefusedError);
}
