import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";

/** How a call ended. */
export interface Ending {
  /** A number of https://grpc.io/docs/guides/status-codes/. */
  readonly status: number;
  readonly message: string;
}

/** A gRPC call made by nothing but HTTP/2. */
export interface Http2Call {
  /** The next message of the reply, with the five bytes before it; undefined after the last. */
  next(): Promise<Buffer | undefined>;
  ended(): Promise<Ending>;
  cancel(): void;
}

const prefixBytes = 5;

/** A message as gRPC delimits it. */
export function delimited(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The messages that `bytes` begins with, each with its prefix, and what is left. */
export function messagesIn(bytes: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = bytes;
  while (rest.length >= prefixBytes && rest.length >= prefixBytes + rest.readUInt32BE(1)) {
    const end = prefixBytes + rest.readUInt32BE(1);
    messages.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

/** The ending that headers or trailers tell of. */
export function endingIn(headers: IncomingHttpHeaders): Ending | undefined {
  const status = headers["grpc-status"];
  if (status === undefined) return undefined;
  return { status: Number(status), message: decodeURIComponent(String(headers["grpc-message"] ?? "")) };
}

/** A connection to a `grpc://host:port`. */
export function connectTo(url: string): ClientHttp2Session {
  const connection = connect(url.replace(/^grpc:/, "http:"));
  // Each call hears of it by itself.
  connection.on("error", () => undefined);
  return connection;
}

const plain = { "content-type": "application/grpc", te: "trailers" };

/** Sends `body`, messages with their prefixes, to a method. */
export function call(
  connection: ClientHttp2Session,
  path: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Http2Call {
  const stream = connection.request({ ...plain, ...headers, ":method": "POST", ":path": path });
  stream.end(body);
  const messages = received(stream);
  let ending: Ending | undefined;
  const note = (headers: IncomingHttpHeaders) => {
    ending = endingIn(headers) ?? ending;
  };
  stream.on("response", note).on("trailers", note);
  const closed = once(stream, "close");
  closed.catch(() => undefined);
  return {
    async next() {
      const { value } = await messages.next();
      return value ?? undefined;
    },
    async ended() {
      await closed;
      if (ending === undefined) throw new Error(`the call of ${path} ended without a status`);
      return ending;
    },
    cancel: () => stream.close(),
  };
}

async function* received(stream: ClientHttp2Stream): AsyncGenerator<Buffer, void, undefined> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const { messages, rest } = messagesIn(Buffer.concat([pending, chunk]));
    pending = rest;
    yield* messages;
  }
}
