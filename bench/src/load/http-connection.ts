import { once } from "node:events";
import { connect } from "node:net";
import { type HttpReply, readReply } from "./http-reply.ts";

/** One kept-alive connection with at most one request under way. Bare sockets, because `node:http` would cost the load as much as a server spends. */
export interface HttpConnection {
  /** Sends a whole request. Rejects when the connection ends or nothing comes for 10 seconds. */
  send(request: string): Promise<HttpReply>;
  close(): void;
}

const silenceMilliseconds = 10_000;

export async function openConnection(port: number): Promise<HttpConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let received: Buffer = Buffer.alloc(0);
  let waiting: PromiseWithResolvers<HttpReply> | undefined;

  function fail(error: Error): void {
    waiting?.reject(error);
    waiting = undefined;
    socket.destroy();
  }

  socket.setTimeout(silenceMilliseconds, () => fail(new Error(`no reply within ${silenceMilliseconds} ms`)));
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the server closed the connection")));
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    try {
      const reply = readReply(received);
      if (reply === undefined) return;
      received = Buffer.alloc(0);
      waiting?.resolve(reply);
      waiting = undefined;
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });

  return {
    send(request) {
      const reply = Promise.withResolvers<HttpReply>();
      waiting = reply;
      if (socket.destroyed) fail(new Error("the connection is closed"));
      else socket.write(request, "latin1");
      return reply.promise;
    },
    close: () => socket.destroy(),
  };
}
