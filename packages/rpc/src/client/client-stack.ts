import { type ClientMiddleware, composeClientMiddleware } from "nice-grpc-common";
import { clientErrors, type RebuildOptions } from "../errors/client-errors.ts";
import { clientDeadline, type DeadlineOptions } from "../stack/deadline.ts";
import { retryUnavailable } from "../stack/retry.ts";

export interface ClientStackOptions extends RebuildOptions {
  readonly repeated: boolean;
}

/** What every call passes on its way out, whatever carries it: errors are rebuilt, time is limited, and calls of a method that may be `repeated` are. */
export function clientStack({ repeated, ...rebuilding }: ClientStackOptions): ClientMiddleware<DeadlineOptions> {
  // Of two middlewares composed, the second is the outer one.
  const limited = clientDeadline();
  const inner = repeated ? composeClientMiddleware(retryUnavailable, limited) : limited;
  return composeClientMiddleware(inner, clientErrors(rebuilding));
}
