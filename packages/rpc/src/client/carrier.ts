import type { CallOptions } from "nice-grpc-common";

/** One way to bring encoded calls to a server. What goes wrong, and an abort of the options' signal, is a `ClientError`. */
export interface Carrier {
  unary(path: string, request: Uint8Array, options: CallOptions): Promise<Uint8Array>;
  serverStreaming(path: string, request: Uint8Array, options: CallOptions): AsyncIterable<Uint8Array>;
}
