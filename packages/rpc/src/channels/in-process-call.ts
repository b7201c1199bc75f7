import { type CallContext, type CallOptions, type ClientError, Metadata } from "nice-grpc-common";
import { abortError } from "../client/abort.ts";
import { type DeadlineOptions, deadlineExceeded, millisecondsFor, setDeadline } from "../stack/deadline.ts";
import { inProcessPeer } from "../stack/in-process-peer.ts";

export type InProcessCallOptions = CallOptions & Partial<DeadlineOptions>;

/**
 * One unary call in this process: what its handler sees of it, and when it is over. What few calls need – metadata, a trailer, a signal – is made
 * when it is first asked for: made for every call it would cost more than all else about one.
 */
export class InProcessCall implements CallContext {
  readonly peer = inProcessPeer;
  readonly #path: string;
  readonly #options: InProcessCallOptions;
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout;
  readonly #onOuterAbort: (() => void) | undefined;
  #controller: AbortController | undefined;
  #abortion: { readonly reason: unknown } | undefined;
  #fail: ((error: ClientError) => void) | undefined;
  #metadata: Metadata | undefined;
  #header: Metadata | undefined;
  #trailer: Metadata | undefined;

  /** @throws ClientError where the call has no time left to begin with, or its caller has gone */
  constructor(path: string, options: InProcessCallOptions) {
    const { signal: outer, timeoutMilliseconds } = options;
    const left = millisecondsFor(path, outer, timeoutMilliseconds);
    if (outer?.aborted) throw abortError(path, outer);
    this.#path = path;
    this.#options = options;
    this.#deadline = performance.now() + left;
    this.#timer = setTimeout(() => this.#abort(deadlineExceeded(path)), Math.ceil(left));
    if (outer !== undefined) {
      this.#onOuterAbort = () => this.#abort(outer.reason);
      outer.addEventListener("abort", this.#onOuterAbort, { once: true });
    }
  }

  get metadata(): Metadata {
    this.#metadata ??= this.#options.metadata ?? Metadata();
    return this.#metadata;
  }

  get header(): Metadata {
    this.#header ??= Metadata();
    return this.#header;
  }

  get trailer(): Metadata {
    this.#trailer ??= Metadata();
    return this.#trailer;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      setDeadline(this.#controller.signal, this.#deadline);
      if (this.#abortion !== undefined) this.#controller.abort(this.#abortion.reason);
    }
    return this.#controller.signal;
  }

  sendHeader(): void {}

  /** The trailer as it stands; undefined where nobody asked for one yet. */
  get errorTrailer(): Metadata | undefined {
    return this.#trailer;
  }

  /** As `running`, but over as soon as the call is, whether or not the handler heeds it. */
  untilOver<Result>(running: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      running.then(resolve, reject);
    });
  }

  /** The call is over for its caller: nothing aborts any more. */
  end(): void {
    clearTimeout(this.#timer);
    if (this.#onOuterAbort !== undefined) this.#options.signal?.removeEventListener("abort", this.#onOuterAbort);
    this.#options.onTrailer?.(this.trailer);
  }

  #abort(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#abortion = { reason };
    this.#controller?.abort(reason);
    this.#fail?.(abortError(this.#path, { reason }));
  }
}
