import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface DelayingProxy {
  readonly port: number;
  /** Every reply comes so much later; what has been under way is not overtaken. */
  delayMilliseconds: number;
  /**
   * Lets the next request through that has `text` in it, and nothing more of its connection's replies.
   * @returns when the first such reply was held back: what was asked for has been done
   */
  swallowReplyTo(text: string): Promise<void>;
  close(): void;
}

/** Stands before the server on `port` of the loopback address. */
export async function delayingProxy(port: number): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  const swallowing = new Set<Socket>();
  let awaited: { readonly text: string; readonly resolve: () => void } | undefined;
  const done = new Map<Socket, () => void>();
  const server = createServer((incoming) => {
    const outgoing = connect({ port, host: "127.0.0.1", noDelay: true });
    incoming.setNoDelay(true);
    let sent = Promise.resolve();
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.on("data", (chunk: Buffer) => {
      if (awaited !== undefined && chunk.includes(awaited.text)) {
        swallowing.add(outgoing);
        done.set(outgoing, awaited.resolve);
        awaited = undefined;
      }
      outgoing.write(chunk);
    });
    outgoing.on("data", (chunk: Buffer) => {
      if (swallowing.has(outgoing)) {
        done.get(outgoing)?.();
        return;
      }
      const at = performance.now() + proxy.delayMilliseconds;
      sent = sent.then(() => until(at)).then(() => void incoming.write(chunk));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  const proxy: DelayingProxy = {
    port: address.port,
    delayMilliseconds: 0,
    swallowReplyTo(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { text, resolve };
      return promise;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return proxy;
}

function until(moment: number): Promise<void> | undefined {
  const milliseconds = moment - performance.now();
  return milliseconds <= 0 ? undefined : new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

/** Delays for as long as the test takes, or until it is ended before. */
export function slowed(proxy: DelayingProxy, milliseconds: number): { end(): void } {
  const end = () => {
    proxy.delayMilliseconds = 0;
  };
  proxy.delayMilliseconds = milliseconds;
  onTestFinished(end);
  return { end };
}
