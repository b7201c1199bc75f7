import { createServer, type ServerResponse } from "node:http";
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
  if (host !== "localhost") return listenOn(listener, host, port);
  const first = await listenOn(listener, "127.0.0.1", port);
  const second = await listenOn(listener, "::1", first.port).catch(ifAddressIsMissing);
  const both = second === undefined ? [first] : [first, second];
  return {
    port: first.port,
    close: async (graceMilliseconds) => {
      await Promise.all(both.map(({ close }) => close(graceMilliseconds)));
    },
  };
}

async function listenOn(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const unanswered = new Set<ServerResponse>();
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 },
    (request, response) => {
      unanswered.add(response);
      response.once("close", () => unanswered.delete(response));
      if (!server.listening) endWithAnswer(response);
      void listener(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMilliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
        for (const response of unanswered) endWithAnswer(response);
      }),
  };
}

/** Keeps the connection for no other request, which would keep the server as well. */
function endWithAnswer(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}

/** A machine without IPv6 has 127.0.0.1 only. */
function ifAddressIsMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") return undefined;
  throw error;
}
