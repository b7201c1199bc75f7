import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface TcpProxy {
  readonly port: number;
  /** How many connections stand. */
  readonly connections: number;
  /** How often something was forwarded so far. */
  readonly forwarded: number;
  /** Forwards nothing any more on the connections that stand, and tells neither side. New ones are forwarded. */
  freeze(): void;
  /** Breaks the connections that stand. */
  cut(): void;
}

/** Stands between a client and a server on the loopback address, and ends with the test. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new Set<Socket>();
  let forwarded = 0;

  function destroy(sockets: Iterable<Socket>): void {
    for (const socket of sockets) socket.destroy();
  }

  const server = createServer((incoming) => {
    const outgoing = connect(targetPort, "127.0.0.1");
    const pair = [incoming, outgoing] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      from.on("data", (chunk) => {
        if (frozen.has(from)) return;
        forwarded += 1;
        to.write(chunk);
      });
      from.on("error", () => from.destroy());
      from.on("close", () => {
        if (frozen.has(from)) return;
        pairs.delete(pair);
        to.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    destroy([...pairs].flat());
    destroy(frozen);
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    get connections() {
      return pairs.size;
    },
    get forwarded() {
      return forwarded;
    },
    freeze() {
      for (const socket of [...pairs].flat()) frozen.add(socket);
      pairs.clear();
    },
    cut() {
      destroy([...pairs].flat());
    },
  };
}
