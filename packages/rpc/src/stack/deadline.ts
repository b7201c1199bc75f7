import { ClientError, type ClientMiddleware, Status } from "nice-grpc-common";

/** What a call may take where its caller says nothing: every call has a deadline. */
const defaultDeadlineMilliseconds = 2000;

export interface DeadlineOptions {
  /** How long the call may take at most. A stream has no deadline of its own; its `signal` ends it. */
  timeoutMilliseconds: number;
}

/** Where a signal carries its deadline. A WeakMap from signals would cost each call more than all else about its deadline. */
const deadlineKey = Symbol("deadline");
type TimedSignal = AbortSignal & { [deadlineKey]?: number };

/** Milliseconds until a call with this signal is over at the latest, not above zero once it is; undefined where no time was set. */
export function remainingMilliseconds(signal: TimedSignal | undefined): number | undefined {
  const deadline = signal?.[deadlineKey];
  return deadline === undefined ? undefined : deadline - performance.now();
}

/** Lets `remainingMilliseconds` know when the signal aborts at the latest, by the clock of `performance.now()`. */
export function setDeadline(signal: TimedSignal, deadline: number): void {
  signal[deadlineKey] = deadline;
}

/**
 * What a call may take that is over after `milliseconds` and no later than `outer`: milliseconds above zero.
 * @throws ClientError DEADLINE_EXCEEDED where there is no time left to begin with
 */
export function millisecondsFor(
  path: string,
  outer: AbortSignal | undefined,
  milliseconds = defaultDeadlineMilliseconds,
): number {
  const left = Math.min(milliseconds, remainingMilliseconds(outer) ?? Number.POSITIVE_INFINITY);
  if (left <= 0) throw deadlineExceeded(path);
  return left;
}

export interface CallLife {
  /** Aborts at the deadline, with DEADLINE_EXCEEDED for its reason. What is called meanwhile with this signal has no more time than is left. */
  readonly signal: AbortSignal;
  /** The caller has gone. */
  abort(reason?: unknown): void;
  /** The call has ended: nothing aborts any more. */
  end(): void;
}

/** The life of one call. Without `milliseconds` it has no deadline. */
export function beginCall(path: string, milliseconds: number | undefined): CallLife {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;
  if (milliseconds !== undefined) {
    setDeadline(signal, performance.now() + milliseconds);
    timer = setTimeout(() => controller.abort(deadlineExceeded(path)), Math.max(0, Math.ceil(milliseconds)));
  }
  return {
    signal,
    abort(reason) {
      clearTimeout(timer);
      controller.abort(reason);
    },
    end() {
      clearTimeout(timer);
    },
  };
}

/**
 * Ends a unary call with DEADLINE_EXCEEDED when its time is over, and does not begin one that has none left. A call made on behalf of another
 * carries that one's signal, so its deadline can only be nearer.
 */
export function clientDeadline(defaultMilliseconds = defaultDeadlineMilliseconds): ClientMiddleware<DeadlineOptions> {
  return async function* (call, options) {
    const { timeoutMilliseconds = defaultMilliseconds, signal, ...rest } = options;
    if (call.responseStream) return yield* call.next(call.request, signal === undefined ? rest : { ...rest, signal });

    const life = beginLimitedCall(call.method.path, signal, timeoutMilliseconds);
    try {
      return yield* call.next(call.request, { ...rest, signal: life.signal });
    } finally {
      life.end();
    }
  };
}

/**
 * The life of a call that is over after `milliseconds`, or when `outer` aborts or has no time left.
 * @throws ClientError DEADLINE_EXCEEDED where there is no time left to begin with
 */
function beginLimitedCall(path: string, outer: AbortSignal | undefined, milliseconds: number): CallLife {
  const life = beginCall(path, millisecondsFor(path, outer, milliseconds));
  if (outer === undefined) return life;
  const abort = () => life.abort(outer.reason);
  if (outer.aborted) abort();
  outer.addEventListener("abort", abort, { once: true });
  return {
    ...life,
    end() {
      life.end();
      outer.removeEventListener("abort", abort);
    },
  };
}

/** Why a call is over whose time has passed. */
export function deadlineExceeded(path: string): ClientError {
  return new ClientError(path, Status.DEADLINE_EXCEEDED, "the deadline has passed");
}
