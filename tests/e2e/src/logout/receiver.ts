import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an application was sent at its back-channel logout URI. */
export interface Received {
  readonly contentType: string | undefined;
  readonly form: URLSearchParams;
  /** Answers. Until then the request hangs. */
  answer(status: number): void;
}

/** The back ends of applications on this machine, each at a path of its own. */
export interface Receivers {
  /** `host:port` */
  readonly host: string;
  uriOf(application: string): string;
  /** Resolves with the next request to the application that no call before got. */
  next(application: string): Promise<Received>;
  /** How many requests came to the application that nobody has asked for. */
  waiting(application: string): number;
  stop(): Promise<void>;
}

export async function startReceivers(): Promise<Receivers> {
  const arrived = new Map<string, Received[]>();
  const awaited = new Map<string, ((received: Received) => void)[]>();
  const open = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    open.add(response);
    const form = new URLSearchParams(await text(request));
    const received = {
      contentType: request.headers["content-type"],
      form,
      answer: (status: number) => void response.writeHead(status, { "Cache-Control": "no-store" }).end(),
    };
    const application = (request.url ?? "").slice(1);
    const waiter = awaited.get(application)?.shift();
    if (waiter === undefined) arrived.set(application, [...(arrived.get(application) ?? []), received]);
    else waiter(received);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `localhost:${port}`,
    uriOf: (application) => `http://localhost:${port}/${application}`,
    next(application) {
      const received = arrived.get(application)?.shift();
      if (received !== undefined) return Promise.resolve(received);
      return new Promise((resolve) => awaited.set(application, [...(awaited.get(application) ?? []), resolve]));
    },
    waiting: (application) => arrived.get(application)?.length ?? 0,
    async stop() {
      for (const response of open) response.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
