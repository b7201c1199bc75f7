import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface SilentProxy {
  readonly url: string;
  /** From now on the connections that there are carry nothing any more, and do not say so; new ones work. */
  swallow(): void;
}

/** A way to the server on `port`, as a network is that may lose a connection without either end being told. */
export async function silentProxy(port: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.pipe(server).pipe(client);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return {
    url: `redis://127.0.0.1:${address.port}`,
    swallow() {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}
