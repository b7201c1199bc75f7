import { Client, type ClientDuplexStream, type ClientReadableStream, credentials, Metadata } from "@grpc/grpc-js";
import type { Status } from "nice-grpc-common";
import { onTestFinished } from "vitest";
import { pass } from "../channels/grpc/pass.ts";
import { encoded } from "../encoding.ts";

/** How the messages of one method become bytes. */
export interface RawMethod<Request, Response> {
  readonly path: string;
  readonly request: { encode: Parameters<typeof encoded<Request>>[0]["encode"] };
  readonly response: { decode(bytes: Uint8Array): Response };
}

/** A stream as a client sees it that knows nothing of Signet. */
export interface RawStream<Request, Response> {
  send(request: Request): void;
  sendBytes(bytes: Buffer): void;
  end(): void;
  /** The next message; undefined after the last. */
  next(): Promise<Response | undefined>;
  cancel(): void;
  /** What the stream ended with. */
  readonly status: Promise<Status>;
}

function openClient(url: string): Client {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}

function metadataOf(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** One unary call. Rejects with grpc-js' own error. */
export function rawCall<Request, Response>(
  url: string,
  { path, request, response }: RawMethod<Request, Response>,
  message: Request,
  token?: string,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    openClient(url).makeUnaryRequest(path, pass, pass, encoded(request, message), metadataOf(token), (error, bytes) => {
      if (bytes === undefined) reject(error);
      else resolve(response.decode(bytes));
    });
  });
}

/** A server-streaming call. */
export function rawServerStream<Request, Response>(
  url: string,
  { path, request, response }: RawMethod<Request, Response>,
  message: Request,
  token?: string,
): Omit<RawStream<Request, Response>, "send" | "sendBytes" | "end"> {
  return received(
    openClient(url).makeServerStreamRequest(path, pass, pass, encoded(request, message), metadataOf(token)),
    response,
  );
}

/** A stream in both directions. */
export function rawBidiStream<Request, Response>(
  url: string,
  { path, request, response }: RawMethod<Request, Response>,
  token?: string,
): RawStream<Request, Response> {
  const stream = openClient(url).makeBidiStreamRequest<Buffer, Buffer>(path, pass, pass, metadataOf(token), {});
  return {
    ...received(stream, response),
    send: (message) => stream.write(encoded(request, message)),
    sendBytes: (bytes) => stream.write(bytes),
    end: () => stream.end(),
  };
}

function received<Response>(
  stream: ClientReadableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>,
  response: { decode(bytes: Uint8Array): Response },
): Pick<RawStream<never, Response>, "next" | "cancel" | "status"> {
  const messages: Response[] = [];
  let isOver = false;
  let wake = () => {};
  const status = new Promise<Status>((resolve) => {
    stream.on("status", ({ code }: { code: Status }) => {
      isOver = true;
      wake();
      resolve(code);
    });
  });
  stream.on("error", () => undefined);
  stream.on("data", (bytes: Buffer) => {
    messages.push(response.decode(bytes));
    wake();
  });
  return {
    status,
    cancel: () => stream.cancel(),
    async next() {
      for (;;) {
        const message = messages.shift();
        if (message !== undefined || isOver) return message;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
