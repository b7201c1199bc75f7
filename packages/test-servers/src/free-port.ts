import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below what systems give to outgoing connections and to whoever asks for any port. */
const lowest = 10_000;
const highest = 30_000;
/** Test processes that run at the same time take from parts of their own, so that none is given what another is about to use. */
const parts = 16;
const partSize = (highest - lowest) / parts;
const given = new Set<number>();

/** A port of 127.0.0.1 and ::1 that nobody listens on at this moment, for a process that has to be told its port; each is given once. */
export async function freePort(): Promise<number> {
  const part = Number(process.env.VITEST_POOL_ID ?? process.pid) % parts;
  for (;;) {
    const port = lowest + part * partSize + randomInt(partSize);
    if (given.has(port)) continue;
    given.add(port);
    if ((await isFree(port, "127.0.0.1")) && (await isFree(port, "::1"))) return port;
  }
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch (error) {
    // A machine without IPv6 has nobody who could take the port there.
    return error instanceof Error && "code" in error && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT");
  }
}
