import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveForTest } from "../contract/carrier-under-test.ts";
import { authority, serverCertificate, serverKey } from "../contract/certificates.ts";
import { checkHealth } from "./check-health.ts";
import { createHealth } from "./health.ts";

const ample = { timeoutMilliseconds: 15_000 };

describe("checkHealth", () => {
  test("is whether the server says that it serves, as a whole or one service", async () => {
    const health = createHealth();
    const { url } = await serveForTest("grpc://127.0.0.1:0", {}, { health, credentials: { callers: [] } });
    expect(await checkHealth(url, ample)).toBe(false);
    health.set("", "serving");
    expect(await checkHealth(url, ample)).toBe(true);
    expect(await checkHealth(url.replace("grpc:", "mux:"), ample)).toBe(true);
    expect(await checkHealth(url, { ...ample, service: "a.Service" })).toBe(false);
  });

  test("is false where nobody listens", async () => {
    const server = await serveForTest("grpc://127.0.0.1:0", {});
    await server.close();
    expect(await checkHealth(server.url, ample)).toBe(false);
  });

  test("is false in time where whoever listens says nothing", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    await once(silent, "listening");
    const address = silent.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    expect(await checkHealth(`grpc://127.0.0.1:${address.port}`, { timeoutMilliseconds: 50 })).toBe(false);
  });

  test("asks over TLS, at the address that is given for the certificate's name", async () => {
    const tls = { certificate: serverCertificate, key: serverKey };
    const { url } = await serveForTest("grpcs://127.0.0.1:0", {}, { tls });
    const target = `muxs://signet.test:${new URL(url).port}`;
    const lookup = async () => ["127.0.0.1"];
    expect(await checkHealth(target, { ...ample, lookup, tls: { authorities: authority } })).toBe(true);
    expect(await checkHealth(target, { ...ample, lookup })).toBe(false);
  });

  test("refuses what is no address in the network", async () => {
    await expect(checkHealth("inproc:a", ample)).rejects.toThrow("no address");
    await expect(checkHealth("http://127.0.0.1:1", ample)).rejects.toThrow("no address");
  });
});
