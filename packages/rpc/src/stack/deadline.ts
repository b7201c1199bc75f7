import { type CallOptions, ClientError, Status } from "nice-grpc-common";
import { abortError } from "../client/abort.ts";

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

/**
 * The life of one call: until its answer, its deadline or its abort, whichever is first. Its signal is made when it is first asked for, which few calls
 * do: made for every call, with what listens to it, it would cost more than all else about one.
 */
export class CallLife {
  readonly #path: string;
  readonly #deadline: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onOver: ((life: CallLife) => void) | undefined;
  readonly #outer: AbortSignal | undefined;
  readonly #onOuterAbort: (() => void) | undefined;
  #controller: AbortController | undefined;
  #abortion: { readonly reason: unknown } | undefined;
  #listener: ((error: ClientError) => void) | undefined;

  /**
   * Without `milliseconds` it has no deadline. It is over as well when `outer` aborts. `onOver` is called by `end` and by an abort.
   */
  constructor(
    path: string,
    milliseconds: number | undefined,
    { outer, onOver }: { readonly outer?: AbortSignal | undefined; readonly onOver?: (life: CallLife) => void } = {},
  ) {
    this.#path = path;
    this.#onOver = onOver;
    if (milliseconds !== undefined) {
      this.#deadline = performance.now() + milliseconds;
      this.#timer = setTimeout(() => this.abort(deadlineExceeded(path)), Math.max(0, Math.ceil(milliseconds)));
    }
    if (outer === undefined) return;
    this.#outer = outer;
    this.#onOuterAbort = () => this.abort(outer.reason);
    if (outer.aborted) this.#onOuterAbort();
    else outer.addEventListener("abort", this.#onOuterAbort, { once: true });
  }

  /** Aborts at the deadline, with DEADLINE_EXCEEDED for its reason. What is called meanwhile with this signal has no more time than is left. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#deadline !== undefined) setDeadline(this.#controller.signal, this.#deadline);
      if (this.#abortion !== undefined) this.#controller.abort(this.#abortion.reason);
    }
    return this.#controller.signal;
  }

  /** Milliseconds until the deadline, not above zero once it has passed; undefined where there is none. */
  get remainingMilliseconds(): number | undefined {
    return this.#deadline === undefined ? undefined : this.#deadline - performance.now();
  }

  /** What the call fails with, once it was aborted. */
  get failure(): ClientError | undefined {
    return this.#abortion === undefined ? undefined : abortError(this.#path, this.#abortion);
  }

  /** Hears of the abort. One listener takes the place of the one before. */
  whenAborted(listener: (error: ClientError) => void): void {
    this.#listener = listener;
  }

  /** What `work` gives, but over as soon as the call is aborted, whether or not anybody heeds it. A call that is over already is not started. */
  untilAborted<Result>(work: () => Promise<Result>): Promise<Result> {
    const { failure } = this;
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      this.#listener = reject;
      work().then(resolve, reject);
    });
  }

  /** The caller has gone. */
  abort(reason?: unknown): void {
    if (this.#abortion !== undefined) return;
    this.#settle();
    this.#abortion = { reason };
    this.#controller?.abort(reason);
    const { failure } = this;
    if (failure !== undefined) this.#listener?.(failure);
  }

  /** The call has ended: nothing aborts any more. */
  end(): void {
    this.#settle();
    this.#listener = undefined;
  }

  #settle(): void {
    clearTimeout(this.#timer);
    if (this.#onOuterAbort !== undefined) this.#outer?.removeEventListener("abort", this.#onOuterAbort);
    this.#onOver?.(this);
  }
}

/**
 * The life of a call that its caller wants to be over after `timeoutMilliseconds`, or when `signal` aborts. A call made on behalf of another carries that
 * one's signal, so its deadline can only be nearer.
 * @throws ClientError DEADLINE_EXCEEDED where there is no time left to begin with
 */
export function beginLimitedCall(
  path: string,
  { signal, timeoutMilliseconds }: CallOptions & Partial<DeadlineOptions>,
): CallLife {
  return new CallLife(path, millisecondsFor(path, signal, timeoutMilliseconds), { outer: signal });
}

/** Why a call is over whose time has passed. */
export function deadlineExceeded(path: string): ClientError {
  return new ClientError(path, Status.DEADLINE_EXCEEDED, "the deadline has passed");
}
