import type { handleBidiStreamingCall, Server, ServerDuplexStream } from "@grpc/grpc-js";
import { Status } from "nice-grpc-common";
import type { ErrorListener } from "../../errors/server-errors.ts";
import type { CallsUnderWay } from "../../server/calls-under-way.ts";
import type { ServedMethods } from "../../server/dispatcher.ts";
import { type Authorizer, unknownCaller } from "../../stack/credentials.ts";
import { evidenceOf } from "../grpc/evidence.ts";
import { pass } from "../grpc/pass.ts";
import { refuseStream } from "../grpc/refuse-stream.ts";
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
  /** Asks every caller to leave, and takes no further one. Fulfilled when all have left. */
  drain(): Promise<void>;
}

/** Answers multiplexed calls of the same methods on the same server. */
export function addMuxHandler(server: Server, options: MuxHandlerOptions): MuxHandler {
  const connections = new Set<MuxServerConnection>();
  let isDraining = false;

  const handler: handleBidiStreamingCall<Buffer, Buffer> = (stream: ServerDuplexStream<Buffer, Buffer>) => {
    if (isDraining) {
      stream.emit("error", { code: Status.UNAVAILABLE, details: "the server is about to stop" });
      return;
    }
    const evidence = evidenceOf(stream);
    if (options.authorizer !== undefined && options.authorizer.identify(evidence) === undefined) {
      refuseStream(stream, connectPath, unknownCaller, options.onError);
      return;
    }
    const connection = serveMuxConnection(stream, { ...options, evidence });
    connections.add(connection);
    void connection.over.then(() => connections.delete(connection));
  };
  server.register(connectPath, handler, pass, pass, "bidi");

  return {
    async drain() {
      isDraining = true;
      for (const connection of connections) connection.drain();
      await Promise.all([...connections].map(({ over }) => over));
    },
  };
}
