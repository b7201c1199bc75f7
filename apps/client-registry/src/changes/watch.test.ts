import type { registry } from "@signet/contracts";
import type { TenantName } from "@signet/protocol";
import { aTenant } from "@signet/storage/contract/fixtures";
import { describe, expect, test } from "vitest";
import { openRegistry, redirectUris } from "../testing/open-registry.ts";

type Registry = ReturnType<typeof openRegistry>["client"];

/** A watcher that tells what it is told, one by one. */
function watching(client: Registry, position = "") {
  const controller = new AbortController();
  const messages = client.watch({ position }, { signal: controller.signal })[Symbol.asyncIterator]();
  return {
    abort: () => controller.abort(),
    next: () => messages.next(),
    async take(count: number): Promise<registry.WatchResponse[]> {
      const taken: registry.WatchResponse[] = [];
      while (taken.length < count) {
        const { value, done } = await messages.next();
        if (done === true) throw new Error("the stream has ended");
        taken.push(value);
      }
      return taken;
    },
  };
}

describe("Watch", () => {
  test("says first that it stands, and then tells of every write", async () => {
    const { client } = openRegistry();
    const { take, abort } = watching(client);
    expect((await take(1)).map(({ event }) => event)).toEqual([{ $case: "ready", value: { resumed: false } }]);

    const { tenant } = await client.createTenant({ name: "acme" });
    await client.updateTenant({ name: "acme", patch: { tokenTimeout: 2000 } });
    await client.rotateRegistrationToken({ name: "acme" });
    const { client: created } = await client.createClient({ tenant: "acme", metadata: { redirectUris } });
    const id = { tenant: "acme", clientId: created?.clientId ?? "" };
    await client.updateClient({ ...id, metadata: { clientName: "x" }, members: ["client_name"] });
    await client.deleteClient(id);
    await client.deleteTenant({ name: "acme" });

    const tenantChanged = (deleted: boolean) => ({
      $case: "tenantChanged",
      value: { tenantId: tenant?.id, name: "acme", deleted },
    });
    const clientChanged = (deleted: boolean) => ({
      $case: "clientChanged",
      value: { tenantId: tenant?.id, clientId: id.clientId, deleted },
    });
    expect((await take(7)).map(({ event }) => event)).toEqual([
      tenantChanged(false),
      tenantChanged(false),
      tenantChanged(false),
      clientChanged(false),
      clientChanged(false),
      clientChanged(true),
      tenantChanged(true),
    ]);
    abort();
  });

  test("tells of nothing where nothing was written", async () => {
    const { client } = openRegistry();
    const { take, abort } = watching(client);
    await take(1);
    await client.createClient({ tenant: "nowhere", metadata: { redirectUris } }).catch(() => undefined);
    await client.createTenant({ name: "acme", patch: { tokenTimeout: 1 } }).catch(() => undefined);
    await client.createTenant({ name: "told" });
    expect((await take(1))[0]?.event).toMatchObject({ value: { name: "told" } });
    abort();
  });

  test("tells of a deletion again where the client is deleted again: the first call may have failed before it told", async () => {
    const { client } = openRegistry();
    await client.createTenant({ name: "acme" });
    const { client: created } = await client.createClient({ tenant: "acme", metadata: { redirectUris } });
    const id = { tenant: "acme", clientId: created?.clientId ?? "" };
    const { take, abort } = watching(client);
    await take(1);
    await client.deleteClient(id);
    await client.deleteClient(id).catch(() => undefined);
    const deletion = { $case: "clientChanged", value: { clientId: id.clientId, deleted: true } };
    expect((await take(2)).map(({ event }) => event)).toMatchObject([deletion, deletion]);
    abort();
  });

  test("tells every deletion of a tenant again where it cannot go on from a position, and resumes from there once it has told the last", async () => {
    const { client, stores, time } = openRegistry();
    const names = Array.from({ length: 201 }, (_, index) => `t${String(index).padStart(3, "0")}`);
    for (const name of names) await stores.tenants.create(aTenant({ name: name as TenantName }));
    const { items } = await stores.tenants.list({ limit: 1000 });
    for (const tenant of items) await stores.tenants.delete(tenant, time.now);
    const deletions = items.map(({ id, name }) => ({ $case: "tenantChanged", value: { tenantId: id, name, deleted: true } }));

    for (const position of ["", "no such position"]) {
      const { take, abort } = watching(client, position);
      const told = await take(202);
      expect(told.map(({ event }) => event)).toEqual([{ $case: "ready", value: { resumed: false } }, ...deletions]);
      abort();
      await client.createTenant({ name: `after-${position.length}` });
      const missed = { $case: "tenantChanged", value: { name: `after-${position.length}`, deleted: false } };
      for (const early of [told[0], told[100]]) {
        const again = watching(client, early?.position);
        expect((await again.take(203)).map(({ event }) => event)).toMatchObject([
          { $case: "ready", value: { resumed: true } },
          ...deletions,
          missed,
        ]);
        again.abort();
      }
      const resumed = watching(client, told.at(-1)?.position);
      expect((await resumed.take(2)).map(({ event }) => event)).toMatchObject([
        { $case: "ready", value: { resumed: true } },
        missed,
      ]);
      resumed.abort();
    }
  });

  test("goes on from the position that was seen last", async () => {
    const { client } = openRegistry();
    const before = watching(client);
    await before.take(1);
    await client.createTenant({ name: "seen" });
    const [seen] = await before.take(1);
    before.abort();
    await client.createTenant({ name: "missed" });

    const after = watching(client, seen?.position);
    expect((await after.take(2)).map(({ event }) => event)).toMatchObject([
      { $case: "ready", value: { resumed: true } },
      { $case: "tenantChanged", value: { name: "missed" } },
    ]);
    after.abort();
  });

  test("says so where it cannot go on from a position", async () => {
    const { take, abort } = watching(openRegistry().client, "no such position");
    expect((await take(1))[0]?.event).toEqual({ $case: "ready", value: { resumed: false } });
    abort();
  });

  test("ends when its caller leaves", async () => {
    const { take, abort, next } = watching(openRegistry().client);
    await take(1);
    const last = next();
    abort();
    expect((await last).done).toBe(true);
  });
});
