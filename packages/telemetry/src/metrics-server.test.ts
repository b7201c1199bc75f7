import { Counter, Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { serveMetrics } from "./metrics-server.ts";

async function start(listen = "127.0.0.1:0") {
  const registry = new Registry();
  new Counter({ name: "things_total", help: "Things.", registers: [registry] }).inc(3);
  const server = await serveMetrics(registry, listen);
  onTestFinished(() => server.close());
  return server.url;
}

test("GET /metrics answers what is counted, as Prometheus reads it", async () => {
  const reply = await fetch(await start());
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await reply.text()).toContain("things_total 3");
});

test.each([
  ["GET", "/", 404],
  ["GET", "/metrics?x=1", 404],
  ["GET", "/metrics/", 404],
  ["POST", "/metrics", 405],
  ["DELETE", "/metrics", 405],
])("%s %s is refused with %i", async (method, path, status) => {
  expect((await fetch(new URL(path, await start()), { method })).status).toBe(status);
});

test("an IPv6 address can be listened at", async () => {
  const url = await start("[::1]:0");
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/metrics$/);
  expect((await fetch(url)).status).toBe(200);
});

test("a port that is in use is an error at the start", async () => {
  const { host } = new URL(await start());
  await expect(serveMetrics(new Registry(), host)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
