import { common } from "@signet/contracts";
import { explanationOf, OAuthError, RateLimitedError, ResourceError } from "@signet/protocol";
import { type CallContext, ServerError, Status } from "nice-grpc-common";
import { callerOf, isFromOwnService } from "../stack/credentials.ts";
import { inProcessPeer } from "../stack/in-process-peer.ts";
import { isRefusalOfCaller, statusOfCode, statusOfKind } from "./statuses.ts";

export const oauthErrorTrailer = "oauth-error-bin";
/** The kind of a resource error whose status the carrier gives to callers too: it tells the use case's answer from the carrier's own. */
export const resourceErrorTrailer = "resource-error";

/** In how many seconds somebody who tried too often may try again. */
export const retryAfterTrailer = "retry-after";

/** Why it was refused, for Signet's own services alone. */
export const explanationTrailer = "explanation-bin";

/** Is told of every error of a call before it leaves the service: the cause of it goes no further than here. */
export type ErrorListener = (error: unknown, call: { readonly path: string; readonly context: CallContext }) => void;

/**
 * What may leave a service of what it threw: an `OAuthError` as a trailer, and a status that says the same; a `ResourceError` as its status, with a
 * trailer where the carrier has that status too; a `RateLimitedError` as RESOURCE_EXHAUSTED with the time in a trailer; and anything else as INTERNAL with
 * a fixed message.
 */
export function toServerError(error: unknown, context: CallContext): ServerError {
  explain(error, context);
  if (error instanceof OAuthError) {
    const detail = common.OAuthErrorDetail.encode({ error: error.code, description: error.description }).finish();
    context.trailer.set(oauthErrorTrailer, detail);
    return new ServerError(statusOfCode(error.code), `${error.code}: ${error.description}`);
  }
  if (error instanceof ResourceError) {
    const status = statusOfKind[error.kind];
    if (isRefusalOfCaller(status)) context.trailer.set(resourceErrorTrailer, error.kind);
    return new ServerError(status, error.description);
  }
  if (error instanceof RateLimitedError) {
    context.trailer.set(retryAfterTrailer, String(error.retryAfterSeconds));
    return new ServerError(Status.RESOURCE_EXHAUSTED, error.description);
  }
  if (error instanceof ServerError) return error;
  return new ServerError(Status.INTERNAL, "internal error");
}

/** An explanation that says more than the description goes along, unless the caller is somebody else's program. */
function explain(error: unknown, context: CallContext): void {
  const isSameProcess = context.peer === inProcessPeer && callerOf(context) === undefined;
  if (!isSameProcess && !isFromOwnService(context)) return;
  if (!(error instanceof OAuthError || error instanceof ResourceError) || error.cause === undefined) return;
  const explanation = explanationOf(error);
  if (explanation !== undefined && explanation.rule !== error.description)
    context.trailer.set(explanationTrailer, common.Explanation.encode({ ...explanation }).finish());
}
