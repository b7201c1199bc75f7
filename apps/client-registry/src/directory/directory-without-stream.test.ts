import type { ClientId, TenantId } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { openDirectory, openWatchingDirectory, tenantOf } from "../testing/open-directory.ts";

const metadata = { redirectUris: ["https://app.example/callback"] };

type Opened = ReturnType<typeof openDirectory>;

/** A tenant and a client of it, of whose making the directory has been told where it watches. */
async function populate({ registry, connection }: Opened, { isWatching = true } = {}) {
  const { tenant } = await registry.createTenant({ name: "acme" });
  const { client } = await registry.createClient({ tenant: "acme", metadata });
  if (isWatching) await connection.applied(2);
  return { tenantId: tenant?.id ?? "", clientId: client?.clientId ?? "" };
}

describe("a directory without the stream of changes", () => {
  test("uses nothing older than a second before it is started", async () => {
    const opened = openDirectory();
    await populate(opened, { isWatching: false });
    await tenantOf(opened, "acme");
    await opened.registry.updateTenant({ name: "acme", patch: { tokenTimeout: 2000 } });
    opened.time.now = 999;
    expect((await tenantOf(opened, "acme")).settings.tokenTimeout).toBe(3_600_000);
    opened.time.now = 1000;
    expect((await tenantOf(opened, "acme")).settings.tokenTimeout).toBe(2000);
  });

  test("uses nothing from before the stream stood", async () => {
    const opened = openDirectory();
    await populate(opened, { isWatching: false });
    await tenantOf(opened, "acme");
    opened.directory.start();
    await opened.connection.applied(1);
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme"]);
  });

  test("uses what is younger than a second while the stream is broken, and nothing older", async () => {
    const errors: unknown[] = [];
    const opened = await openWatchingDirectory({ onError: (error) => errors.push(error) });
    const { clientId } = await populate(opened);
    opened.time.now = 5000;
    const tenant = await tenantOf(opened, "acme");
    await opened.directory.client(tenant, clientId);
    opened.connection.cut();
    await opened.interrupted;
    opened.time.now = 5999;
    expect(await opened.directory.tenant("acme")).toBe(tenant);
    opened.time.now = 6000;
    await expect(opened.directory.tenant("acme")).rejects.toThrow("the registry is down");
    await expect(opened.directory.client(tenant, clientId)).rejects.toThrow("the registry is down");
    expect(errors[0]).toEqual(new Error("the connection was lost"));
  });

  test("uses nothing older than a second while a stream that announces itself is silent", async () => {
    const opened = openDirectory();
    opened.connection.announceEvery(250);
    opened.directory.start();
    await opened.connection.applied(1);
    await populate(opened);
    await tenantOf(opened, "acme");
    opened.time.now = 749;
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme"]);
    opened.time.now = 1000;
    await tenantOf(opened, "acme");
    opened.time.now = 1999;
    await tenantOf(opened, "acme");
    opened.time.now = 2000;
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme", "tenant acme"]);
  });

  test("uses nothing from before a silence once the stream is heard again, and then what it says", async () => {
    const opened = openDirectory();
    opened.connection.announceEvery(250);
    opened.directory.start();
    await opened.connection.applied(1);
    await populate(opened);
    await tenantOf(opened, "acme");
    opened.time.now = 900;
    await opened.registry.createTenant({ name: "other" });
    await opened.connection.applied(1);
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme"]);
    for (opened.time.now = 900; opened.time.now < 3000; opened.time.now += 700) {
      await opened.registry.updateTenant({ name: "other", patch: { tokenTimeout: 2000 } });
      await opened.connection.applied(1);
      await tenantOf(opened, "acme");
    }
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme"]);
  });

  test("learns what it missed when the stream stands again", async () => {
    const told: ClientId[] = [];
    const opened = await openWatchingDirectory({ onClientDeleted: (_tenant, client) => void told.push(client) });
    const { clientId } = await populate(opened);
    const tenant = await tenantOf(opened, "acme");
    await opened.directory.client(tenant, clientId);
    opened.connection.cut();
    await opened.registry.deleteClient({ tenant: "acme", clientId });
    opened.connection.repair();
    await opened.connection.applied(2);
    expect(await opened.directory.client(tenant, clientId)).toBeUndefined();
    expect(told).toEqual([clientId]);
    expect(opened.connection.positions).toEqual(["", expect.stringMatching(/./)]);
  });

  test("keeps what is young when it can go on from where it was, and drops what is old", async () => {
    const opened = await openWatchingDirectory();
    await opened.registry.createTenant({ name: "old" });
    await opened.registry.createTenant({ name: "young" });
    await opened.connection.applied(2);
    await tenantOf(opened, "old");
    opened.time.now = 1000;
    await tenantOf(opened, "young");
    opened.connection.calls.length = 0;
    opened.connection.cut();
    opened.connection.repair();
    await opened.connection.applied(1);
    await tenantOf(opened, "young");
    await tenantOf(opened, "old");
    expect(opened.connection.calls).toEqual(["tenant old"]);
  });

  test("drops everything when it cannot go on from where it was", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    await tenantOf(opened, "acme");
    opened.connection.cut();
    opened.connection.repair({ forgetting: true });
    await opened.connection.applied(1);
    await tenantOf(opened, "acme");
    expect(opened.connection.calls).toEqual(["tenant acme", "tenant acme"]);
  });

  test("hears of a tenant that was deleted while it lost its position, and of no other", async () => {
    const told: TenantId[] = [];
    const opened = await openWatchingDirectory({ onTenantDeleted: (id) => void told.push(id) });
    const { tenantId } = await populate(opened);
    await opened.registry.createTenant({ name: "umbrella" });
    await opened.connection.applied(1);
    opened.connection.cut();
    await opened.interrupted;
    await opened.registry.deleteTenant({ name: "acme" });
    opened.connection.repair({ forgetting: true });
    await opened.connection.applied(2);
    expect(told).toEqual([tenantId]);
    expect(await opened.directory.tenant("umbrella")).toBeDefined();
  });

  test("hears of a tenant that was deleted before it was started", async () => {
    const told: TenantId[] = [];
    const opened = openDirectory({ onTenantDeleted: (id) => void told.push(id) });
    const { tenantId } = await populate(opened, { isWatching: false });
    await opened.registry.deleteTenant({ name: "acme" });
    const { tenantId: successor } = await populate(opened, { isWatching: false });
    opened.directory.start();
    await opened.connection.applied(2);
    expect(told).toEqual([tenantId]);
    expect((await tenantOf(opened, "acme")).id).toBe(successor);
  });

  test("passes a failure on, and holds none", async () => {
    const opened = await openWatchingDirectory();
    await populate(opened);
    opened.connection.cut();
    await expect(opened.directory.tenant("acme")).rejects.toThrow("the registry is down");
    opened.connection.repair();
    expect((await tenantOf(opened, "acme")).name).toBe("acme");
  });
});

describe("close", () => {
  test("ends the stream and asks for no other", async () => {
    const opened = await openWatchingDirectory();
    await opened.directory.close();
    await opened.directory.close();
    await opened.connection.ended;
    expect(opened.connection.positions).toEqual([""]);
  });

  test("ends the wait for another stream", async () => {
    const opened = await openWatchingDirectory();
    opened.connection.cut();
    await opened.interrupted;
    await opened.directory.close();
    opened.connection.repair();
    expect(opened.connection.positions).toEqual([""]);
  });

  test("waits for a deletion under way", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const opened = await openWatchingDirectory({ onTenantDeleted: () => promise });
    await populate(opened);
    await opened.registry.deleteTenant({ name: "acme" });
    await opened.connection.applied(1);
    let isClosed = false;
    const closing = opened.directory.close().then(() => {
      isClosed = true;
    });
    // The stream has ended by then, and nothing else is left to wait for but the deletion.
    await opened.connection.ended;
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    resolve();
    await closing;
  });

  test("may come before the start", async () => {
    const opened = openDirectory();
    await opened.directory.close();
    opened.directory.start();
    await opened.directory.close();
    expect(opened.connection.positions).toEqual([]);
  });
});
