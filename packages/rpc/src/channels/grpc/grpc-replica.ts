import {
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  connectivityState,
  type Metadata as GrpcMetadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { type CallOptions, ClientError, type Metadata, Status } from "nice-grpc-common";
import { abortError } from "../../client/abort.ts";
import { remainingMilliseconds } from "../../stack/deadline.ts";
import { countCalls } from "../outstanding-calls.ts";
import type { Availability, Replica, ReplicaEvents } from "../replica.ts";
import { fromGrpcMetadata, toGrpcMetadata } from "./metadata.ts";
import { asBuffer, pass } from "./pass.ts";

/** One server, called by plain gRPC: an HTTP/2 stream per call. grpc-js makes the connection when it is needed, and again when it broke. */
export function createGrpcReplica(client: Client, window: number, { onLost }: ReplicaEvents): Replica {
  const channel = client.getChannel();
  const calls = countCalls();

  function errorOf(path: string, error: ServiceError): ClientError {
    if (error.code === Status.UNAVAILABLE) onLost(error.details);
    return new ClientError(path, error.code, error.details);
  }

  function callOptions({ signal }: CallOptions): { deadline?: number } {
    const milliseconds = remainingMilliseconds(signal);
    return milliseconds === undefined ? {} : { deadline: Date.now() + milliseconds };
  }

  return {
    get availability(): Availability {
      return channel.getConnectivityState(true) === connectivityState.TRANSIENT_FAILURE ? "failing" : "ready";
    },
    failure: undefined,
    get hasRoom() {
      return calls.count < window;
    },
    unary(path, request, options) {
      const { life, metadata, onTrailer } = options;
      const { signal } = life;
      return new Promise<Uint8Array>((resolve, reject) => {
        if (life.failure !== undefined) throw life.failure;
        calls.begin();
        const call = client.makeUnaryRequest(
          path,
          pass,
          pass,
          asBuffer(request),
          toGrpcMetadata(metadata),
          callOptions({ signal }),
          (error, reply) => {
            calls.end();
            forget();
            if (error !== null) reject(life.failure ?? errorOf(path, error));
            else if (reply !== undefined) resolve(reply);
            else reject(new ClientError(path, Status.INTERNAL, "the reply carries no message"));
          },
        );
        const forget = cancelOnAbort(call, signal, () => reject(abortError(path, signal)));
        passTrailer(call, onTrailer);
      });
    },
    async *serverStreaming(path, request, options) {
      const { signal, metadata, onTrailer } = options;
      if (signal?.aborted) throw abortError(path, signal);
      calls.begin();
      const call = client.makeServerStreamRequest(
        path,
        pass,
        pass,
        asBuffer(request),
        toGrpcMetadata(metadata),
        callOptions(options),
      );
      const forget = cancelOnAbort(call, signal, () => {});
      passTrailer(call, onTrailer);
      try {
        for await (const message of call) yield message;
      } catch (error) {
        throw signal?.aborted ? abortError(path, signal) : isServiceError(error) ? errorOf(path, error) : error;
      } finally {
        calls.end();
        forget();
        call.cancel();
      }
    },
    async drain() {
      await calls.none();
      client.close();
    },
    close: () => client.close(),
  };
}

function cancelOnAbort(
  call: ClientUnaryCall | ClientReadableStream<Buffer>,
  signal: AbortSignal | undefined,
  then: () => void,
): () => void {
  const abort = () => {
    call.cancel();
    then();
  };
  signal?.addEventListener("abort", abort, { once: true });
  return () => signal?.removeEventListener("abort", abort);
}

function passTrailer(
  call: ClientUnaryCall | ClientReadableStream<Buffer>,
  onTrailer: ((trailer: Metadata) => void) | undefined,
): void {
  if (onTrailer === undefined) return;
  call.once("status", ({ metadata }: { metadata: GrpcMetadata }) => onTrailer(fromGrpcMetadata(metadata)));
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error && "metadata" in error;
}
