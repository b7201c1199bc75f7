import { ClientError, type ClientMiddleware, Status } from "nice-grpc-common";

/** What a call may take where its caller says nothing: every call has a deadline. */
const defaultDeadlineMilliseconds = 2000;

export interface DeadlineOptions {
  /** How long the call may take at most. A stream has no deadline of its own; its `signal` ends it. */
  timeoutMilliseconds: number;
}

/**
 * Ends a unary call with DEADLINE_EXCEEDED when its time is over. A call made on behalf of another carries that one's signal, so its
 * deadline can only be nearer.
 */
export function clientDeadline(defaultMilliseconds = defaultDeadlineMilliseconds): ClientMiddleware<DeadlineOptions> {
  return async function* (call, options) {
    const { timeoutMilliseconds = defaultMilliseconds, signal, ...rest } = options;
    if (call.responseStream) return yield* call.next(call.request, signal === undefined ? rest : { ...rest, signal });

    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const timer = setTimeout(
      () => controller.abort(new ClientError(call.method.path, Status.DEADLINE_EXCEEDED, "the deadline has passed")),
      timeoutMilliseconds,
    );
    try {
      return yield* call.next(call.request, { ...rest, signal: controller.signal });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  };
}
