import { ResourceError, type TenantId, type TenantName } from "@signet/protocol";
import type { Change } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { kind, openRegistry, redirectUris } from "../testing/open-registry.ts";

describe("DeleteTenant", () => {
  test("takes the clients and the data key with it, and frees the name for another tenant", async () => {
    const { client, stores } = openRegistry();
    const { tenant } = await client.createTenant({ name: "acme" });
    const registered = await client.createClient({ tenant: "acme", metadata: { redirectUris } });
    const [stored] = (await stores.tenants.list({ limit: 10 })).items;
    await client.deleteTenant({ name: "acme" });
    await expect(client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));

    const again = await client.createTenant({ name: "acme" });
    expect(again.tenant?.id).not.toBe(tenant?.id);
    await expect(client.getClient({ tenant: "acme", clientId: registered.client?.clientId ?? "" })).rejects.toEqual(
      kind("not_found"),
    );
    if (stored === undefined) throw new Error("the tenant was stored");
    expect(await stores.clients.list(stored.id, { limit: 10 })).toEqual({ items: [] });
    expect(await stores.registryDataKeys.find(stored.id)).toBeUndefined();
  });

  /** What can fail after the tenant is gone, until it is told to work again. */
  function failing(registry: ReturnType<typeof openRegistry>) {
    const failures = { publish: true, dataKeys: true };
    const fail = () => Promise.reject(new ResourceError("unavailable", "the store is away"));
    const { changes, registryDataKeys } = registry.stores;
    const stores = {
      ...registry.stores,
      changes: {
        ...changes,
        publish: (change: Change) => (failures.publish && change.deleted ? fail() : changes.publish(change)),
      },
      registryDataKeys: {
        ...registryDataKeys,
        deleteTenant: (id: TenantId) => (failures.dataKeys ? fail() : registryDataKeys.deleteTenant(id)),
      },
    };
    return { failures, client: registry.clientWith(registry.sealer, stores) };
  }

  test("a deletion that failed after the tenant was gone can be made again, and is told; once it has succeeded there is no such tenant", async () => {
    const registry = openRegistry();
    const { stores } = registry;
    const { failures, client } = failing(registry);
    const { tenant } = await client.createTenant({ name: "acme" });
    const stored = await stores.tenants.findByName("acme" as TenantName);
    if (stored === undefined) throw new Error("the tenant was stored");
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    await expect(client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    failures.publish = false;
    const closing = new AbortController();
    const told = client.watch({ position: "" }, { signal: closing.signal })[Symbol.asyncIterator]();
    const next = async () => (await told.next()).value?.event;
    const deletion = { $case: "tenantChanged", value: { tenantId: tenant?.id, name: "acme", deleted: true } };
    expect([await next(), await next()]).toMatchObject([{ $case: "ready", value: { resumed: false } }, deletion]);
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    expect(await next()).toEqual(deletion);
    expect(await stores.registryDataKeys.find(stored.id)).toBeDefined();
    failures.dataKeys = false;
    expect(await client.deleteTenant({ name: "acme" })).toEqual({});
    expect(await next()).toEqual(deletion);
    expect(await stores.registryDataKeys.find(stored.id)).toBeUndefined();
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    closing.abort();
  });

  test("the name is free at once after a deletion that failed, for a tenant that is deleted like any other", async () => {
    const registry = openRegistry();
    const { client } = failing(registry);
    const first = await client.createTenant({ name: "acme" });
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    const second = await registry.client.createTenant({ name: "acme" });
    expect(second.tenant?.id).not.toBe(first.tenant?.id);
    await registry.client.deleteTenant({ name: "acme" });
    await expect(registry.client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    const { items } = await registry.stores.tenants.listDeleted({ limit: 10 });
    expect(items.map(({ id }) => id).toSorted()).toEqual([first.tenant?.id, second.tenant?.id].toSorted());
  });

  test("leaves other tenants' clients alone", async () => {
    const { client } = openRegistry();
    await client.createTenant({ name: "acme" });
    await client.createTenant({ name: "umbrella" });
    const kept = await client.createClient({ tenant: "umbrella", metadata: { redirectUris } });
    await client.deleteTenant({ name: "acme" });
    const found = await client.getClient({ tenant: "umbrella", clientId: kept.client?.clientId ?? "", revealSecret: true });
    expect(found).toEqual(kept);
  });

  test("refuses the tenant default, whether or not there is one", async () => {
    const { client } = openRegistry();
    await expect(client.deleteTenant({ name: "default" })).rejects.toEqual(kind("invalid"));
    await client.createTenant({ name: "default" });
    await expect(client.deleteTenant({ name: "default" })).rejects.toEqual(kind("invalid"));
    expect((await client.getTenant({ name: "default" })).tenant?.branding?.name).toBe("Signet");
  });
});
