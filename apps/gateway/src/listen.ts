import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpConfig } from "@signet/config";
import type { Logger } from "@signet/telemetry";
import type { RequestListener } from "./app.ts";
import { createHttpsServer } from "./https-server.ts";

export interface Listening {
  readonly port: number;
  /** Takes no more connections, finishes what it has accepted, and ends what is left after `graceMilliseconds`. */
  close(graceMilliseconds: number): Promise<void>;
}

/** Where to listen, and with what. */
export interface ListenOptions extends Pick<HttpConfig, "host" | "port" | "https"> {
  /** Hears of changed certificates. */
  readonly logger: Pick<Logger, "info" | "error">;
}

/**
 * Serves on `host` and `port`, over TLS where there is `https`; `localhost` is both of this machine's loopback addresses.
 * Handshakes, headers and bodies have to arrive in time, so that slow clients hold no places.
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<Listening> {
  if (options.host !== "localhost") return listenOn(listener, options);
  const first = await listenOn(listener, { ...options, host: "127.0.0.1" });
  const second = await listenOn(listener, { ...options, host: "::1", port: first.port }).catch(ifAddressIsMissing);
  const both = second === undefined ? [first] : [first, second];
  return {
    port: first.port,
    close: async (graceMilliseconds) => {
      await Promise.all(both.map(({ close }) => close(graceMilliseconds)));
    },
  };
}

const patience = { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 };

/** Connections that wait to be accepted: in a burst, one that finds no room there is not refused but tries again after a second. The system may have less. */
const backlog = 4096;

async function listenOn(listener: RequestListener, { host, port, https, logger }: ListenOptions): Promise<Listening> {
  const unanswered = new Set<ServerResponse>();
  const answering: RequestListener = (request, response) => {
    unanswered.add(response);
    response.once("close", () => unanswered.delete(response));
    if (!server.listening) endWithAnswer(response);
    return listener(request, response);
  };
  const secure = https && createHttpsServer(https, patience, answering, logger);
  const server: Server = secure?.server ?? createServer(patience, (request, response) => void answering(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog }, resolve);
  }).catch((error: unknown) => {
    secure?.stop();
    throw error;
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMilliseconds) =>
      new Promise((resolve) => {
        secure?.stop();
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
