import type { CallOptions } from "nice-grpc-common";
import type { CallLife } from "../stack/deadline.ts";

/** What a carrier is told of a unary call beside its message. */
export interface UnaryOptions extends Pick<CallOptions, "metadata" | "onTrailer"> {
  /** The call's: once that is aborted, the call fails with its failure. */
  readonly life: CallLife;
}

/** One way to bring encoded calls to a server. What goes wrong, and an abort, is a `ClientError`. */
export interface Carrier {
  unary(path: string, request: Uint8Array, options: UnaryOptions): Promise<Uint8Array>;
  serverStreaming(path: string, request: Uint8Array, options: CallOptions): AsyncIterable<Uint8Array>;
}
