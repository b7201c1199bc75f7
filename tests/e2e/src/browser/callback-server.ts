import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import { selfSignedCertificate } from "@signet/test-certificates";

/** How an application was called back. */
export interface Callback {
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The end of the flow at an application: it notes what the browser brings, and shows a page with a heading. It has a logo at `/logo.svg`. */
export interface CallbackServer {
  readonly origin: string;
  readonly redirectUri: string;
  readonly calls: readonly Callback[];
  close(): Promise<void>;
}

const logo = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16" fill="#0f6b54"/></svg>';
export const applicationHeading = "Back at the application";

export async function startCallbackServer(scheme: "http" | "https" = "http"): Promise<CallbackServer> {
  const calls: Callback[] = [];
  const { port, close } = await serve(scheme, async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/logo.svg") return void response.setHeader("Content-Type", "image/svg+xml").end(logo);
    if (pathname !== "/callback") return void response.writeHead(404).end();
    calls.push({ method: request.method ?? "", parameters: await parametersOf(request) });
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(`<!doctype html><html lang="en"><title>Application</title><h1>${applicationHeading}</h1>`);
  });
  const origin = `${scheme}://localhost:${port}`;
  return { origin, redirectUri: `${origin}/callback`, calls, close };
}

/** A server on a free port of this machine. */
export async function serve(
  scheme: "http" | "https",
  listener: RequestListener,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = scheme === "http" ? createHttpServer(listener) : createHttpsServer(selfSignedCertificate(), listener);
  await once(server.listen(0, "localhost"), "listening");
  return {
    port: portOf(server),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function parametersOf(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  return Object.fromEntries(request.method === "POST" ? new URLSearchParams(await text(request)) : query);
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
