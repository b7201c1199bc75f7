import { type CallContext, type CallOptions, Metadata } from "nice-grpc-common";
import { beginLimitedCall, type CallLife, type DeadlineOptions } from "../stack/deadline.ts";
import { inProcessPeer } from "../stack/in-process-peer.ts";

export type InProcessCallOptions = CallOptions & Partial<DeadlineOptions>;

/**
 * One unary call in this process: what its handler sees of it, and when it is over. What few calls need – metadata, a trailer, a signal – is made
 * when it is first asked for: made for every call it would cost more than all else about one.
 */
export class InProcessCall implements CallContext {
  readonly peer = inProcessPeer;
  readonly #options: InProcessCallOptions;
  readonly #life: CallLife;
  #metadata: Metadata | undefined;
  #header: Metadata | undefined;
  #trailer: Metadata | undefined;

  /** @throws ClientError where the call has no time left to begin with */
  constructor(path: string, options: InProcessCallOptions) {
    this.#options = options;
    this.#life = beginLimitedCall(path, options);
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
    return this.#life.signal;
  }

  sendHeader(): void {}

  /** The trailer as it stands; undefined where nobody asked for one yet. */
  get errorTrailer(): Metadata | undefined {
    return this.#trailer;
  }

  /** What `work` gives, but over as soon as the call is, whether or not the handler heeds it. A call whose caller has gone is not started. */
  untilOver<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#life.untilAborted(work);
  }

  /** The call is over for its caller: nothing aborts any more. */
  end(): void {
    this.#life.end();
    this.#options.onTrailer?.(this.trailer);
  }
}
