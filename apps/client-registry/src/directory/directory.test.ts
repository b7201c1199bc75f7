import type { ClientId, TenantId } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { type openDirectory, openWatchingDirectory, tenantOf } from "../testing/open-directory.ts";

const metadata = { redirectUris: ["https://app.example/callback"] };

type Opened = ReturnType<typeof openDirectory>;

/** A tenant and a client of it, of whose making the directory has been told where it watches. */
async function populate({ registry, connection }: Opened, { isWatching = true } = {}) {
  const { tenant } = await registry.createTenant({ name: "acme" });
  const { client } = await registry.createClient({ tenant: "acme", metadata });
  if (isWatching) await connection.applied(2);
  return { tenantId: tenant?.id ?? "", clientId: client?.clientId ?? "" };
}

describe("a directory that follows the registry's changes", () => {
  test("loads a tenant and a client once, and gives the same objects again, however old", async () => {
    const opened = await openWatchingDirectory();
    const { directory, connection, time } = opened;
    const { tenantId, clientId } = await populate(opened);
    const tenant = await tenantOf(opened, "acme");
    const client = await directory.client(tenant, clientId);
    expect([tenant.id, client?.id, client?.tenantId]).toEqual([tenantId, clientId, tenantId]);
    time.now = 59_000;
    expect(await directory.tenant("acme")).toBe(tenant);
    expect(await directory.client(tenant, clientId)).toBe(client);
    expect(connection.calls).toEqual(["tenant acme", `client ${clientId}`]);
  });

  test("lets many who ask at once share one call", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    const tenants = await Promise.all(Array.from({ length: 50 }, () => opened.directory.tenant("acme")));
    expect(new Set(tenants).size).toBe(1);
    expect(opened.connection.calls).toEqual(["tenant acme"]);
  });

  test("knows what does not exist, and asks nobody about what cannot exist", async () => {
    const opened = await openWatchingDirectory();
    const { directory, connection } = opened;
    await populate(opened);
    const tenant = await tenantOf(opened, "acme");
    connection.calls.length = 0;
    expect(await Promise.all(["", "..", "V1", "oauth2", "a".repeat(64)].map((name) => directory.tenant(name)))).toEqual(
      Array(5).fill(undefined),
    );
    expect(await Promise.all(["", "x", "0".repeat(25), "__proto__"].map((id) => directory.client(tenant, id)))).toEqual(
      Array(4).fill(undefined),
    );
    expect(connection.calls).toEqual([]);
    expect(await directory.tenant("nowhere")).toBeUndefined();
    expect(await directory.client(tenant, "0".repeat(24))).toBeUndefined();
    expect(await directory.client(tenant, "0".repeat(24))).toBeUndefined();
    expect(connection.calls).toEqual(["tenant nowhere", `client ${"0".repeat(24)}`]);
  });

  test("C4: gives no client of another tenant", async () => {
    const opened = await openWatchingDirectory();
    const { registry, directory } = opened;
    const { clientId } = await populate(opened);
    await registry.createTenant({ name: "umbrella" });
    await directory.client(await tenantOf(opened, "acme"), clientId);
    expect(await directory.client(await tenantOf(opened, "umbrella"), clientId)).toBeUndefined();
  });

  test("sees a change of a tenant at once", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    await tenantOf(opened, "acme");
    await opened.registry.updateTenant({ name: "acme", patch: { tokenTimeout: 2000 } });
    await opened.connection.applied(1);
    expect((await tenantOf(opened, "acme")).settings.tokenTimeout).toBe(2000);
  });

  test("sees a change of a client at once, and keeps the others", async () => {
    const opened = await openWatchingDirectory();
    const { registry, directory, connection } = opened;
    const { clientId } = await populate(opened);
    const other = (await registry.createClient({ tenant: "acme", metadata })).client?.clientId ?? "";
    await connection.applied(1);
    const tenant = await tenantOf(opened, "acme");
    await directory.client(tenant, clientId);
    await directory.client(tenant, other);
    await registry.updateClient({ tenant: "acme", clientId, metadata: { clientName: "New" }, members: ["client_name"] });
    await connection.applied(1);
    connection.calls.length = 0;
    expect((await directory.client(tenant, clientId))?.metadata.clientName).toBe("New");
    expect(await directory.client(tenant, other)).toBeDefined();
    expect(connection.calls).toEqual([`client ${clientId}`]);
  });

  test("sees at once what comes into being after it was asked for in vain", async () => {
    const opened = await openWatchingDirectory();
    expect(await opened.directory.tenant("acme")).toBeUndefined();
    await populate(opened);
    expect(await opened.directory.tenant("acme")).toBeDefined();
  });

  test("F6: knows a deleted client no more, and tells of it", async () => {
    const told: [TenantId, ClientId][] = [];
    const opened = await openWatchingDirectory({ onClientDeleted: (...ids) => void told.push(ids) });
    const { tenantId, clientId } = await populate(opened);
    const tenant = await tenantOf(opened, "acme");
    expect(await opened.directory.client(tenant, clientId)).toBeDefined();
    await opened.registry.deleteClient({ tenant: "acme", clientId });
    await opened.connection.applied(1);
    expect(await opened.directory.client(tenant, clientId)).toBeUndefined();
    expect(told).toEqual([[tenantId, clientId]]);
  });

  test("knows a deleted tenant and its clients no more, and tells of it", async () => {
    const told: TenantId[] = [];
    const opened = await openWatchingDirectory({ onTenantDeleted: (id) => void told.push(id) });
    const { tenantId, clientId } = await populate(opened);
    const tenant = await tenantOf(opened, "acme");
    expect(await opened.directory.client(tenant, clientId)).toBeDefined();
    await opened.registry.deleteTenant({ name: "acme" });
    await opened.connection.applied(1);
    expect(await opened.directory.tenant("acme")).toBeUndefined();
    expect(await opened.directory.client(tenant, clientId)).toBeUndefined();
    expect(told).toEqual([tenantId]);
  });

  test("gives a tenant of before no client of the one that has its name now", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    const before = await tenantOf(opened, "acme");
    await opened.registry.deleteTenant({ name: "acme" });
    await opened.connection.applied(1);
    const { clientId } = await populate(opened);
    expect(await opened.directory.client(before, clientId)).toBeUndefined();
    expect(await opened.directory.client(await tenantOf(opened, "acme"), clientId)).toBeDefined();
  });

  test("holds nothing that was being loaded when its change came", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    const release = opened.connection.hold();
    const before = opened.directory.tenant("acme");
    await opened.registry.updateTenant({ name: "acme", patch: { tokenTimeout: 2000 } });
    await opened.connection.applied(1);
    release();
    expect((await before)?.settings.tokenTimeout).toBe(3_600_000);
    expect((await tenantOf(opened, "acme")).settings.tokenTimeout).toBe(2000);
  });

  test("uses nothing for longer than a minute, so that a lost change is seen in the end", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    await tenantOf(opened, "acme");
    opened.time.now = 60_000;
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme"]);
  });

  test("holds no more than its capacity", async () => {
    const opened = await openWatchingDirectory({ capacity: { tenants: 1 } });
    await opened.registry.createTenant({ name: "acme" });
    await opened.registry.createTenant({ name: "umbrella" });
    await opened.connection.applied(2);
    for (const name of ["acme", "acme", "umbrella", "acme"]) await tenantOf(opened, name);
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant umbrella", "tenant acme"]);
  });

  test("tells of a deletion again until it was carried out", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    let attempts = 0;
    const opened = await openWatchingDirectory({
      onError: (error) => errors.push(error),
      async onTenantDeleted() {
        if (++attempts < 3) throw new Error("the store is down");
        resolve();
      },
    });
    await populate(opened);
    await opened.registry.deleteTenant({ name: "acme" });
    await promise;
    expect([attempts, errors]).toEqual([3, [new Error("the store is down"), new Error("the store is down")]]);
  });
});
