import { type ClientMiddleware, composeClientMiddleware } from "nice-grpc-common";
import { clientErrors } from "../errors/client-errors.ts";
import { clientDeadline, type DeadlineOptions } from "../stack/deadline.ts";
import { retryIdempotent } from "../stack/retry.ts";

/** What every call passes on its way out, whatever carries it: errors are rebuilt, time is limited, calls that may be repeated are. */
export function clientStack(idempotentPaths: ReadonlySet<string> = new Set()): ClientMiddleware<DeadlineOptions> {
  // Of two middlewares composed, the second is the outer one.
  const limited = clientDeadline();
  const inner = idempotentPaths.size === 0 ? limited : composeClientMiddleware(retryIdempotent(idempotentPaths), limited);
  return composeClientMiddleware(inner, clientErrors);
}
