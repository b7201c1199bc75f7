import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Commands of the MongoDB wire protocol that change documents. */
const writes: ReadonlySet<string> = new Set(["insert", "update", "delete", "findAndModify"]);

/**
 * Stands before a server of the MongoDB wire protocol and hands it one write at a time, whichever connection it came from; everything else passes
 * beside it. This gives each write the atomicity that MongoDB promises (https://www.mongodb.com/docs/manual/core/write-operations-atomicity/) to a
 * server that reads a document, changes it and puts it back without regard to others.
 */
export class OneWriteAtATime {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port, for the server on `port`. */
  static async before(port: number): Promise<OneWriteAtATime> {
    const server = createServer();
    const gate = new OneWriteAtATime(server);
    server.on("connection", (client) => gate.#serve(client, port));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return gate;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the system gave no port");
    return address.port;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  #serve(client: Socket, port: number): void {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    const replies = new Replies();
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      // An error is followed by the end.
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        upstream.destroy();
        replies.end();
      });
    }
    forEachMessage(upstream, (message) => {
      replies.arrived(message.readInt32LE(8));
      client.write(message);
    });
    forEachMessage(client, (message) => {
      if (!writes.has(commandOf(message))) {
        upstream.write(message);
        return;
      }
      this.#lastWrite = this.#lastWrite.then(() => {
        if (upstream.destroyed) return;
        upstream.write(message);
        return replies.to(message.readInt32LE(4));
      });
    });
  }
}

/** The replies that a connection waits for, by the id of their request. */
class Replies {
  readonly #awaited = new Map<number, () => void>();
  #hasEnded = false;

  /** Resolves once the reply came, or none will. */
  to(request: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasEnded) resolve();
      else this.#awaited.set(request, resolve);
    });
  }

  arrived(request: number): void {
    this.#awaited.get(request)?.();
    this.#awaited.delete(request);
  }

  end(): void {
    this.#hasEnded = true;
    for (const resolve of this.#awaited.values()) resolve();
    this.#awaited.clear();
  }
}

/** Each message begins with its length (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/). */
function forEachMessage(socket: Socket, receive: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      receive(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

const opMsg = 2013;

/** The name of an OP_MSG's command: that of its document's first member, which comes after a header of 16 bytes, flags, the section's kind, the length and a type. */
function commandOf(message: Buffer): string {
  if (message.readInt32LE(12) !== opMsg || message.readInt32LE(16) !== 0 || message[20] !== 0) return "";
  const start = 26;
  return message.toString("latin1", start, message.indexOf(0, start));
}
