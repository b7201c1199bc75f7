import { health as wire } from "@signet/contracts";
import { Status } from "nice-grpc-common";
import { describe, expect, onTestFinished, test } from "vitest";
import { createChannel } from "../channels/create-channel.ts";
import { failureOf, serveForTest } from "../contract/carrier-under-test.ts";
import { rawCall, rawServerStream } from "../contract/raw-client.ts";
import { createHealth } from "./health.ts";

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = wire.HealthCheckResponse_ServingStatus;
const checkMethod = {
  path: "/grpc.health.v1.Health/Check",
  request: wire.HealthCheckRequest,
  response: wire.HealthCheckResponse,
};
const watchMethod = { ...checkMethod, path: "/grpc.health.v1.Health/Watch" };
const registryService = "signet.registry.v1.ClientRegistryService";
const listen = "grpc://127.0.0.1:0";

async function check(url: string, service: string, token?: string) {
  return (await rawCall(url, checkMethod, { service }, token)).status;
}

function watch(url: string, service: string) {
  const stream = rawServerStream(url, watchMethod, { service });
  onTestFinished(() => stream.cancel());
  return { ...stream, next: async () => (await stream.next())?.status };
}

describe("grpc.health.v1", () => {
  test("a server of which nothing is said serves, as a whole and each of its services", async () => {
    const { url } = await serveForTest(listen, {});
    for (const service of ["", registryService, "grpc.health.v1.Health"]) expect(await check(url, service)).toBe(SERVING);
  });

  test("what is said of the whole counts for each service of which nothing else is said", async () => {
    const health = createHealth();
    const { url } = await serveForTest(listen, {}, { health });
    const both = async () => [await check(url, ""), await check(url, registryService)];
    expect(await both()).toEqual([NOT_SERVING, NOT_SERVING]);
    health.set("", "serving");
    expect(await both()).toEqual([SERVING, SERVING]);
    health.set(registryService, "not_serving");
    expect(await both()).toEqual([SERVING, NOT_SERVING]);
  });

  test("a service that the server does not have is NOT_FOUND to Check and SERVICE_UNKNOWN to Watch, until something is said of it", async () => {
    const health = createHealth("serving");
    const { url } = await serveForTest(listen, {}, { health });
    expect(await failureOf(check(url, "a.Service"))).toMatchObject({ code: Status.NOT_FOUND });
    const watched = watch(url, "a.Service");
    expect(await watched.next()).toBe(SERVICE_UNKNOWN);
    health.set("a.Service", "not_serving");
    expect(await watched.next()).toBe(NOT_SERVING);
    expect(await check(url, "a.Service")).toBe(NOT_SERVING);
  });

  test("Watch tells each change, and nothing that is none", async () => {
    const health = createHealth();
    const { url } = await serveForTest(listen, {}, { health });
    const watched = watch(url, registryService);
    expect(await watched.next()).toBe(NOT_SERVING);
    health.set("other", "serving");
    health.set("", "not_serving");
    health.set("", "serving");
    expect(await watched.next()).toBe(SERVING);
  });

  test("a server that stops says NOT_SERVING before it ends the stream, whatever is said of it", async () => {
    const health = createHealth("serving");
    const server = await serveForTest(listen, {}, { health });
    const watched = watch(server.url, "");
    expect(await watched.next()).toBe(SERVING);
    const closed = server.close();
    expect(await watched.next()).toBe(NOT_SERVING);
    expect(await watched.next()).toBeUndefined();
    expect(await watched.status).toBe(Status.UNAVAILABLE);
    await closed;
  });

  test("one server of a process that stops says nothing of another", async () => {
    const health = createHealth("serving");
    const [one, other] = [await serveForTest(listen, {}, { health }), await serveForTest(listen, {}, { health })];
    await one.close();
    expect(await check(other.url, "")).toBe(SERVING);
  });

  test("H1: it is open to anybody on a server that knows its callers, and nothing else is", async () => {
    const { url } = await serveForTest(listen, {}, { credentials: { callers: [] } });
    expect(await check(url, "")).toBe(SERVING);
    expect(await check(url, "", "u".repeat(32))).toBe(SERVING);
    expect(await watch(url, "").next()).toBe(SERVING);
    const other = { ...checkMethod, path: `/${registryService}/GetTenant` };
    expect(await failureOf(rawCall(url, other, { service: "" }))).toMatchObject({ code: Status.UNAUTHENTICATED });
  });

  test("so many watch and no more, and one that leaves makes room for another", async () => {
    const { url } = await serveForTest(`inproc:${crypto.randomUUID()}`, {});
    const channel = createChannel(url, { window: 2000 });
    onTestFinished(() => channel.close());
    const client = channel.client<wire.HealthClient>(wire.HealthDefinition);
    const leaving = new AbortController();
    const open = async (signal?: AbortSignal) => {
      const watched = client.watch({}, signal === undefined ? {} : { signal })[Symbol.asyncIterator]();
      await watched.next();
      return watched;
    };
    const first = await open(leaving.signal);
    for (let count = 1; count < 1024; count += 1) await open();
    expect(await failureOf(open())).toMatchObject({ kind: "unavailable", cause: { code: Status.RESOURCE_EXHAUSTED } });
    leaving.abort();
    await first.next().catch(() => undefined);
    await open();
  });
});
