import type { mux } from "@signet/contracts";
import { type CallOptions, ClientError, Status } from "nice-grpc-common";
import { fromEntries } from "./metadata.ts";

/** A call that waits for the server's frames. */
export interface OutgoingCall {
  readonly path: string;
  reply(payload: Uint8Array): void;
  message(payload: Uint8Array): void;
  end(): void;
  fail(error: ClientError): void;
  trailer(entries: readonly mux.MetadataEntry[]): void;
}

/** What waits for the next message. */
interface Waiting {
  resolve(result: Uint8Array | undefined): void;
  reject(error: ClientError): void;
}

/** What takes the outcome of a unary call. */
interface Outcome {
  resolve(reply: Uint8Array): void;
  reject(error: ClientError): void;
}

export function unaryCall(
  path: string,
  { onTrailer }: Pick<CallOptions, "onTrailer">,
  { resolve, reject }: Outcome,
): OutgoingCall {
  return {
    path,
    reply: resolve,
    message: () => reject(unexpected(path)),
    end: () => reject(unexpected(path)),
    fail: reject,
    trailer: (entries) => passTrailer(entries, onTrailer),
  };
}

/** How many messages a reader may be behind. What follows a stream must keep up, or begin anew: the server is not stopped by one of its readers. */
const maximumUnread = 1024;

export interface StreamingCall extends OutgoingCall {
  /** The next message; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
}

/** @param onTooSlow is called when the reader fell too far behind, after which the call is over */
export function streamingCall(path: string, { onTrailer }: CallOptions, onTooSlow: () => void): StreamingCall {
  const unread: Uint8Array[] = [];
  let waiting: Waiting | undefined;
  let isOver = false;
  let failure: ClientError | undefined;

  function settle(): void {
    const reader = waiting;
    if (reader === undefined) return;
    const message = unread.shift();
    if (message === undefined && !isOver) return;
    waiting = undefined;
    if (message === undefined && failure !== undefined) reader.reject(failure);
    else reader.resolve(message);
  }

  function finish(error?: ClientError): void {
    if (isOver) return;
    isOver = true;
    failure = error;
    settle();
  }

  return {
    path,
    reply: () => finish(unexpected(path)),
    message(payload) {
      if (isOver) return;
      if (unread.length === maximumUnread) {
        finish(new ClientError(path, Status.RESOURCE_EXHAUSTED, `more than ${maximumUnread} messages wait to be read`));
        onTooSlow();
        return;
      }
      unread.push(payload);
      settle();
    },
    end: () => finish(),
    fail: finish,
    trailer: (entries) => passTrailer(entries, onTrailer),
    next() {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        settle();
      });
    },
  };
}

function passTrailer(entries: readonly mux.MetadataEntry[], onTrailer: CallOptions["onTrailer"]): void {
  if (entries.length > 0) onTrailer?.(fromEntries(entries));
}

function unexpected(path: string): ClientError {
  return new ClientError(path, Status.INTERNAL, "the server answered with a frame of another kind of call");
}
