import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where clients of a test publish their keys, and whoever else is named: it counts who connects. */
export interface KeyHost {
  readonly server: Server;
  readonly url: string;
  keys: readonly object[];
  asked: number;
  connections: number;
}

export async function startKeyHost(): Promise<KeyHost> {
  const server = createServer((_request, response) => {
    host.asked++;
    response.writeHead(200, { "Content-Type": "application/jwk-set+json" }).end(JSON.stringify({ keys: host.keys }));
  });
  server.on("connection", () => {
    host.connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host: KeyHost = {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: [],
    asked: 0,
    connections: 0,
  };
  return host;
}
