import type { TenantId } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { OutboundError } from "./outbound-error.ts";
import { at, failure, json, open, tenant } from "./testing/open-outbound.ts";
import { startRemote, startSilent } from "./testing/remote.ts";

test("X23: while one host hangs, with all that may wait for it, another is asked without delay", async () => {
  const silent = await startSilent();
  const remote = await startRemote((_request, response) => response.end("{}"));
  const { outbound } = open({ allowedHosts: ["allowed.test", "hung.test"], limits: { totalMilliseconds: 2000 } });
  const hung = Array.from({ length: 60 }, (_, index) =>
    outbound.fetchText(at(silent, `/${index}`, "hung.test"), json).catch((error: unknown) => error),
  );
  const start = performance.now();
  await outbound.fetchText(at(remote), json);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(silent.connections).toBeLessThanOrEqual(4);
  const outcomes = await Promise.all(hung);
  expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(60);
  expect(outcomes).toContainEqual(failure("busy"));
  expect(outcomes).toContainEqual(failure("timed_out"));
});

test("X23: while a tenant's many hosts hang, another tenant is served at once, also what the first one waits for", async () => {
  const silent = await startSilent();
  const remote = await startRemote((_request, response) => response.end("{}"));
  const hosts = Array.from({ length: 100 }, (_, index) => `hung-${index}.test`);
  const { outbound } = open({ allowedHosts: ["allowed.test", ...hosts] });
  const waiting = hosts
    .map((host, index) => (index === 40 ? at(remote) : at(silent, "/", host)))
    .map((url) =>
      outbound.fetchText(url, json).then(
        () => "fetched",
        (error: OutboundError) => error.failure,
      ),
    );
  const other = { ...json, tenant: "76543210fedcba9876543210" as TenantId };
  await expect(Promise.race([outbound.fetchText(at(remote), other), ...waiting.slice(0, 16)])).resolves.toBe("{}");
  expect(silent.connections).toBeLessThanOrEqual(16);
  expect(await Promise.all(waiting)).toEqual(expect.arrayContaining(["timed_out", "busy"]));
});

describe("the cache", () => {
  test("a document is asked for once while it is fresh, and its JSON is the same object", async () => {
    let asked = 0;
    const remote = await startRemote((_request, response) => {
      asked++;
      response.writeHead(200, { "Cache-Control": "max-age=120" }).end('{"keys":[]}');
    });
    const { outbound, advance } = open();
    const [first, second] = await Promise.all([outbound.fetchJson(at(remote), json), outbound.fetchJson(at(remote), json)]);
    expect(second).toBe(first);
    advance(119_000);
    expect(await outbound.fetchJson(at(remote), json)).toBe(first);
    expect(asked).toBe(1);
    advance(1000);
    expect(await outbound.fetchJson(at(remote), json)).not.toBe(first);
    expect(asked).toBe(2);
  });

  test("a document of an age that will not do is asked for again", async () => {
    let asked = 0;
    const remote = await startRemote((_request, response) => {
      asked++;
      response.end("{}");
    });
    const { outbound, advance } = open();
    await outbound.fetchJson(at(remote), json);
    advance(31_000);
    await outbound.fetchJson(at(remote), json);
    expect(asked).toBe(1);
    await outbound.fetchJson(at(remote), { ...json, maximumAgeMilliseconds: 30_000 });
    await outbound.fetchJson(at(remote), { ...json, maximumAgeMilliseconds: 30_000 });
    expect(asked).toBe(2);
  });

  test("an address that fails is left alone for a moment", async () => {
    const remote = await startRemote((_request, response) => response.writeHead(500).end());
    const { outbound, advance } = open();
    for (let times = 0; times < 5; times++) {
      await expect(outbound.fetchJson(at(remote), json)).rejects.toEqual(failure("status"));
    }
    expect(remote.connections).toBe(1);
    advance(10_000);
    await expect(outbound.fetchJson(at(remote), json)).rejects.toEqual(failure("status"));
    expect(remote.connections).toBe(2);
  });
});

describe("post", () => {
  test("sends the body once and gives the status", async () => {
    const bodies: string[] = [];
    const remote = await startRemote(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      bodies.push(`${request.method} ${request.headers["content-type"]} ${Buffer.concat(chunks)}`);
      response.writeHead(400).end("no");
    });
    const { outbound } = open();
    const sent = { tenant, contentType: "application/x-www-form-urlencoded", body: "logout_token=x" };
    await expect(outbound.post(at(remote), sent)).resolves.toEqual({ status: 400 });
    expect(bodies).toEqual(["POST application/x-www-form-urlencoded logout_token=x"]);
  });

  test("S2: follows no redirect", async () => {
    const hidden = await startRemote((_request, response) => response.end());
    const remote = await startRemote((_request, response) => response.writeHead(307, { Location: at(hidden) }).end());
    await expect(open().outbound.post(at(remote), { tenant, contentType: "text/plain", body: "" })).resolves.toEqual({
      status: 307,
    });
    expect(hidden.connections).toBe(0);
  });

  test("ends when its caller gives up", async () => {
    const silent = await startSilent();
    const controller = new AbortController();
    const sending = open().outbound.post(at(silent), { tenant, contentType: "text/plain", body: "", signal: controller.signal });
    controller.abort(new Error("given up"));
    await expect(sending).rejects.toThrow("given up");
  });
});
