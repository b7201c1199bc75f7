import type { RegistryEvent } from "@signet/registry-sdk";
import { describe, expect, test } from "vitest";
import { redirectUris } from "../testing/open-registry.ts";
import { serveRegistry } from "../testing/serve-registry.ts";

/** The events of one watch, one by one, with their positions apart. */
async function watched(from?: string) {
  const registry = await serveRegistry();
  await registry.client.createTenant({ name: "acme" });
  const leaving = new AbortController();
  const { signal } = leaving;
  const options = from === undefined ? { signal } : { from, signal };
  const events = registry.sdkAs("billing").watch(options)[Symbol.asyncIterator]();
  return {
    ...registry,
    leaving,
    events,
    async next(): Promise<RegistryEvent | undefined> {
      const { value } = await events.next();
      return value ?? undefined;
    },
    async createClient(): Promise<string> {
      const { client } = await registry.client.createClient({ tenant: "acme", metadata: { redirectUris } });
      return client?.clientId ?? "";
    },
  };
}

describe("watch of the typed package", () => {
  test("tells of every change after it is ready, each with its position", async () => {
    const { next, createClient, client } = await watched();
    expect(await next()).toMatchObject({ kind: "ready", resumed: false });
    const clientId = await createClient();
    await client.deleteClient({ tenant: "acme", clientId });
    await client.deleteTenant({ name: "acme" });
    const events = [await next(), await next(), await next()];
    expect(events).toMatchObject([
      { kind: "client", clientId, deleted: false },
      { kind: "client", clientId, deleted: true },
      { kind: "tenant", name: "acme", deleted: true },
    ]);
    expect(new Set(events.map((event) => event?.position)).size).toBe(3);
  });

  test("after a break it tells what was missed, in order and once", async () => {
    const { next, createClient, server, listenAgain } = await watched();
    await next();
    const before = await createClient();
    expect(await next()).toMatchObject({ kind: "client", clientId: before });
    await server.close(0);
    const missed = [await createClient(), await createClient()];
    expect(await next()).toMatchObject({ kind: "interrupted", error: { kind: "unavailable" } });
    const resumed = next();
    await listenAgain();
    expect(await resumed).toMatchObject({ kind: "ready", resumed: true });
    for (const clientId of missed) expect(await next()).toMatchObject({ kind: "client", clientId });
    const after = await createClient();
    expect(await next()).toMatchObject({ kind: "client", clientId: after });
  });

  test("goes on from a position of an earlier process", async () => {
    const { next, createClient, sdkAs, leaving } = await watched();
    const ready = await next();
    const missed = [await createClient(), await createClient()];
    leaving.abort();
    const events: RegistryEvent[] = [];
    const { signal } = new AbortController();
    for await (const event of sdkAs("billing").watch({ from: ready?.position ?? "", signal })) {
      events.push(event);
      if (events.length === 3) break;
    }
    expect(events).toMatchObject([{ kind: "ready", resumed: true }, ...missed.map((clientId) => ({ kind: "client", clientId }))]);
  });

  test.each(["nonsense", "0123456789abcdef-5", "x".repeat(10_000)])(
    "says of the position %s that changes may have been missed",
    async (from) => {
      const { next } = await watched(from);
      expect(await next()).toMatchObject({ kind: "ready", resumed: false });
    },
  );

  test("ends without an error when its signal aborts, also between two attempts", async () => {
    const { next, leaving, server } = await watched();
    await next();
    await server.close(0);
    expect(await next()).toMatchObject({ kind: "interrupted" });
    const end = next();
    leaving.abort();
    expect(await end).toBeUndefined();
  });

  test("fails for good where the token opens nothing", async () => {
    const { sdkAs } = await serveRegistry();
    const { signal } = new AbortController();
    const events = sdkAs("billing", { token: "x".repeat(32) })
      .watch({ signal })
      [Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});
