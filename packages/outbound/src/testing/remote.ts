import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { onTestFinished } from "vitest";

/** A server on 127.0.0.1 that counts who connects to it. */
export interface Remote {
  readonly port: number;
  /** How many connections have been opened to it. */
  readonly connections: number;
}

/** Serves HTTP until the test is over. */
export async function startRemote(listener: RequestListener): Promise<Remote> {
  const server = createServer(listener);
  const remote = await started(server);
  onTestFinished(() => {
    server.closeAllConnections();
  });
  return remote;
}

/** Accepts connections and never says a word. */
export async function startSilent(): Promise<Remote> {
  const server = createTcpServer();
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    onTestFinished(() => {
      socket.destroy();
    });
  });
  return started(server);
}

async function started(server: Server): Promise<Remote> {
  let connections = 0;
  server.on("connection", () => {
    connections++;
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get connections() {
      return connections;
    },
  };
}
