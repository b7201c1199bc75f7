import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestListener } from "./app.ts";

export interface Listening {
  readonly port: number;
  /** Takes no more connections, finishes what it has accepted, and ends what is left after `graceMilliseconds`. */
  close(graceMilliseconds: number): Promise<void>;
}

/**
 * Serves on `host` and `port`; `localhost` is both of this machine's loopback addresses.
 * Headers and bodies have to arrive in time, so that slow clients hold no places.
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  if (host !== "localhost") {
    const server = await listenOn(listener, host, port);
    return { port: portOf(server), close: (grace) => close(server, grace) };
  }
  const first = await listenOn(listener, "127.0.0.1", port);
  const second = await listenOn(listener, "::1", portOf(first)).catch(ifAddressIsMissing);
  const servers = second === undefined ? [first] : [first, second];
  return {
    port: portOf(first),
    close: async (grace) => {
      await Promise.all(servers.map((server) => close(server, grace)));
    },
  };
}

function listenOn(listener: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 },
    (request, response) => {
      void listener(request, response);
    },
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** A machine without IPv6 has 127.0.0.1 only. */
function ifAddressIsMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") return undefined;
  throw error;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
