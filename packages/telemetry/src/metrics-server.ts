import { createServer, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";

export interface MetricsServer {
  /** Where the metrics are, the port included. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else at `listen`, `host:port`: a port of its own, which the public never reaches.
 * @throws Error where it is no address, or in use
 */
export async function serveMetrics(registry: Registry, listen: string): Promise<MetricsServer> {
  const { hostname, port } = new URL(`http://${listen}`);
  // A URL leaves its scheme's own port out.
  const options = { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      if (request.url !== "/metrics") return refuse(response, 404, {});
      if (request.method !== "GET") return refuse(response, 405, { Allow: "GET" });
      registry.metrics().then(
        (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
        () => refuse(response, 500, {}),
      );
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${hostname}:${actualPort}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, headers).end();
}
