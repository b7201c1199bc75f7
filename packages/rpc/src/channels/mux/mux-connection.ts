import type { Client, Metadata as GrpcMetadata, ServiceError } from "@grpc/grpc-js";
import { mux } from "@signet/contracts";
import { ClientError, Status } from "nice-grpc-common";
import { abortError } from "../../client/abort.ts";
import type { Carrier, UnaryOptions } from "../../client/carrier.ts";
import { encoded } from "../../encoding.ts";
import { maximumMetadataBytes } from "../../limits.ts";
import { remainingMilliseconds } from "../../stack/deadline.ts";
import { WindowFullError } from "../../stack/retry.ts";
import { asBuffer, pass } from "../grpc/pass.ts";
import { countCalls } from "../outstanding-calls.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { sizeOf, toEntries } from "./metadata.ts";
import { type OutgoingCall, streamingCall, unaryCall } from "./outgoing-call.ts";
import { connectPath } from "./paths.ts";

/** One stream to one server, from its opening to its end. */
export interface MuxConnection extends Carrier {
  /** Whether it has been welcomed and goes on to take calls. */
  readonly isOpen: boolean;
  readonly hasRoom: boolean;
  /** Fulfilled when no more calls can begin here: the stream is over, or the server has asked to leave it. */
  readonly leaving: Promise<void>;
  /** Fulfilled when the stream is over. Whatever was outstanding has failed with UNAVAILABLE. */
  readonly over: Promise<Loss>;
  /** Begins no more calls; the stream is over when the last has ended. */
  drain(): void;
  close(): void;
}

/** Why a stream is over. */
export interface Loss {
  readonly status: Status;
  readonly details: string;
}

export interface MuxConnectionOptions {
  readonly client: Client;
  /** Shows who calls. */
  readonly metadata: GrpcMetadata;
  readonly window: number;
  /** How long the server may take to welcome. */
  readonly connectMilliseconds: number;
  /** The server has welcomed: the connection is open. */
  onOpen(): void;
}

/** How many bytes may wait for a stream that takes no more, before further calls are refused. */
const maximumQueuedBytes = 64 * 1024 * 1024;

export function openMuxConnection(options: MuxConnectionOptions): MuxConnection {
  const { client, onOpen } = options;
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(connectPath, pass, pass, options.metadata, {});
  const calls = new Map<number, OutgoingCall>();
  const counted = countCalls();
  const leaving = Promise.withResolvers<void>();
  const over = Promise.withResolvers<Loss>();
  const writer = createBatchWriter<mux.ConnectRequest>({
    sink: stream,
    empty: () => ({ calls: [], cancels: [] }),
    encode: (batch) => encoded(mux.ConnectRequest, batch),
  });
  const patience = setTimeout(() => end("the server did not answer in time"), options.connectMilliseconds);
  let window = 0;
  let serverTakes = Number.POSITIVE_INFINITY;
  let isOpen = false;
  let isOver = false;
  let lastId = 0;

  stream.on("data", (bytes: Buffer) => {
    try {
      receive(mux.ConnectResponse.decode(bytes));
    } catch (error) {
      end(`the server sent what cannot be read: ${error}`);
    }
  });
  stream.on("error", ({ code, details }: ServiceError) => end(details, code));
  stream.on("end", () => end("the server ended the connection"));

  function receive({ welcome, replies, messages, ends, errors, goAway }: mux.ConnectResponse): void {
    if (welcome !== undefined) open(welcome);
    for (const { id, payload, trailer } of replies) {
      const call = finished(id);
      call?.trailer(trailer);
      call?.reply(payload);
    }
    for (const { id, payload } of messages) calls.get(id)?.message(payload);
    for (const { id, trailer } of ends) {
      const call = finished(id);
      call?.trailer(trailer);
      call?.end();
    }
    for (const { id, status, details, trailer } of errors) {
      const call = finished(id);
      call?.trailer(trailer);
      call?.fail(new ClientError(call.path, statusOf(status), details));
    }
    if (goAway !== undefined) drain();
  }

  function open(welcome: mux.Welcome): void {
    clearTimeout(patience);
    window = Math.min(options.window, welcome.window);
    serverTakes = welcome.maximumMessageBytes;
    isOpen = true;
    onOpen();
  }

  function finished(id: number): OutgoingCall | undefined {
    const call = calls.get(id);
    if (call !== undefined && calls.delete(id)) counted.end();
    return call;
  }

  function drain(): void {
    if (isOver) return;
    isOpen = false;
    leaving.resolve();
    void counted.none().then(() => {
      writer.flush();
      if (!isOver) stream.end();
    });
  }

  function end(details: string, status: Status = Status.UNAVAILABLE): void {
    if (isOver) return;
    isOver = true;
    isOpen = false;
    clearTimeout(patience);
    writer.close();
    stream.cancel();
    for (const id of [...calls.keys()]) {
      const call = finished(id);
      call?.fail(new ClientError(call.path, Status.UNAVAILABLE, "the connection is lost"));
    }
    leaving.resolve();
    over.resolve({ status, details });
  }

  function send(
    call: OutgoingCall,
    payload: Uint8Array,
    metadata: UnaryOptions["metadata"],
    milliseconds: number | undefined,
  ): number {
    const { path } = call;
    if (isOver || !isOpen) throw new ClientError(path, Status.UNAVAILABLE, "the connection is closed");
    if (!hasRoom()) throw new WindowFullError(path, Status.UNAVAILABLE, "too many calls are outstanding");
    if (payload.length > serverTakes) {
      throw new ClientError(path, Status.RESOURCE_EXHAUSTED, `the request is longer than ${serverTakes} bytes`);
    }
    const entries = toEntries(metadata);
    const metadataBytes = sizeOf(entries);
    if (metadataBytes > maximumMetadataBytes) {
      throw new ClientError(path, Status.RESOURCE_EXHAUSTED, `the metadata is longer than ${maximumMetadataBytes} bytes`);
    }
    const id = nextId();
    calls.set(id, call);
    counted.begin();
    writer.add(payload.length + metadataBytes + path.length + 32, (batch) => {
      batch.calls.push({
        id,
        path,
        deadlineMilliseconds: deadlineOf(milliseconds),
        metadata: entries,
        payload: asBuffer(payload),
      });
    });
    return id;
  }

  function nextId(): number {
    do lastId = (lastId + 1) >>> 0;
    while (calls.has(lastId));
    return lastId;
  }

  function cancel(id: number): void {
    if (finished(id) !== undefined) writer.add(8, (batch) => batch.cancels.push({ id }));
  }

  function hasRoom(): boolean {
    return counted.count < window && writer.queuedBytes < maximumQueuedBytes;
  }

  return {
    get isOpen() {
      return isOpen;
    },
    get hasRoom() {
      return hasRoom();
    },
    leaving: leaving.promise,
    over: over.promise,
    unary(path, request, callOptions) {
      const { life, metadata } = callOptions;
      return new Promise<Uint8Array>((resolve, reject) => {
        if (life.failure !== undefined) throw life.failure;
        const id = send(unaryCall(path, callOptions, { resolve, reject }), request, metadata, life.remainingMilliseconds);
        life.whenAborted((failure) => {
          cancel(id);
          reject(failure);
        });
      });
    },
    async *serverStreaming(path, request, callOptions) {
      const { signal } = callOptions;
      if (signal?.aborted) throw abortError(path, signal);
      const call = streamingCall(path, callOptions, () => cancel(id));
      const id = send(call, request, callOptions.metadata, remainingMilliseconds(signal));
      const abort = () => {
        cancel(id);
        if (signal !== undefined) call.fail(abortError(path, signal));
      };
      signal?.addEventListener("abort", abort, { once: true });
      try {
        for (let message = await call.next(); message !== undefined; message = await call.next()) yield message;
      } finally {
        signal?.removeEventListener("abort", abort);
        cancel(id);
      }
    },
    drain,
    close: () => end("the channel was closed"),
  };
}

/** Rounded up, so that no call is sent as one that has no time left. */
function deadlineOf(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.min(0xffffffff, Math.max(0, Math.ceil(milliseconds)));
}

/** A status that gRPC does not know counts as UNKNOWN. */
function statusOf(code: number): Status {
  return code >= Status.CANCELLED && code <= Status.UNAUTHENTICATED ? code : Status.UNKNOWN;
}
