import type { handleBidiStreamingCall, Server, ServerDuplexStream } from "@grpc/grpc-js";
import { Metadata, ServerError, Status } from "nice-grpc-common";
import type { ErrorListener } from "../../errors/server-errors.ts";
import type { CallsUnderWay } from "../../server/calls-under-way.ts";
import type { ServedMethods } from "../../server/dispatcher.ts";
import type { Authorizer } from "../../stack/credentials.ts";
import { evidenceOf } from "../grpc/evidence.ts";
import { pass } from "../grpc/pass.ts";
import { callContext } from "./call-context.ts";
import { type MuxServerConnection, serveMuxConnection } from "./mux-server-connection.ts";
import { connectPath } from "./paths.ts";

export interface MuxHandlerOptions {
  readonly calls: CallsUnderWay;
  readonly methods: ServedMethods;
  readonly authorizer: Authorizer | undefined;
  readonly window: number;
  readonly maximumMessageBytes: number;
  readonly onError: ErrorListener | undefined;
}

export interface MuxHandler {
  /** Asks every caller to leave. */
  drain(): void;
}

/** Answers multiplexed calls of the same methods on the same server. */
export function addMuxHandler(server: Server, options: MuxHandlerOptions): MuxHandler {
  const connections = new Set<MuxServerConnection>();
  let isDraining = false;

  const handler: handleBidiStreamingCall<Buffer, Buffer> = (stream: ServerDuplexStream<Buffer, Buffer>) => {
    const caller = options.authorizer?.identify(evidenceOf(stream));
    if (options.authorizer !== undefined && caller === undefined) {
      const error = new ServerError(Status.UNAUTHENTICATED, "a service token is required");
      const context = callContext(Metadata(), stream.getPeer(), AbortSignal.abort());
      options.onError?.(error, { path: connectPath, context });
      stream.emit("error", { code: error.code, details: error.details });
      return;
    }
    const connection = serveMuxConnection(stream, { ...options, caller });
    connections.add(connection);
    void connection.over.then(() => connections.delete(connection));
    if (isDraining) connection.drain();
  };
  server.register(connectPath, handler, pass, pass, "bidi");

  return {
    drain() {
      isDraining = true;
      for (const connection of connections) connection.drain();
    },
  };
}
