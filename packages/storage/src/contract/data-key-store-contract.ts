import { describe, expect, test } from "vitest";
import type { DataKeyStore, TenantDataKey } from "../data-key-store.ts";
import { aTenantId, aWrappedKey, concurrently } from "./fixtures/index.ts";
import { pageContract } from "./page-contract.ts";

/** What every `DataKeyStore` promises. `open` gives an empty one. */
export function dataKeyStoreContract(open: () => Promise<DataKeyStore>): void {
  test("a tenant has no data key before one is established", async () => {
    const dataKeys = await open();
    await dataKeys.establish(aTenantId(), aWrappedKey());
    expect(await dataKeys.find(aTenantId())).toBeUndefined();
  });

  test("100 concurrent calls establish one of their candidates, and all get it", async () => {
    const dataKeys = await open();
    const tenant = aTenantId();
    const candidates = Array.from({ length: 100 }, () => aWrappedKey());
    const established = new Set(await Promise.all(candidates.map((candidate) => dataKeys.establish(tenant, candidate))));
    expect(established.size).toBe(1);
    expect(candidates).toContain([...established][0]);
    expect(await dataKeys.find(tenant)).toBe([...established][0]);
  });

  test("an established data key stays", async () => {
    const dataKeys = await open();
    const [tenant, key] = [aTenantId(), aWrappedKey()];
    expect(await dataKeys.establish(tenant, key)).toBe(key);
    expect(await dataKeys.establish(tenant, aWrappedKey())).toBe(key);
    expect(await dataKeys.find(tenant)).toBe(key);
  });

  test("each tenant has a data key of its own", async () => {
    const dataKeys = await open();
    const tenants = Array.from({ length: 10 }, () => aTenantId());
    const keys = await concurrently(10, (index) => dataKeys.establish(tenants[index] ?? aTenantId(), aWrappedKey()));
    expect(new Set(keys).size).toBe(10);
    expect(await Promise.all(tenants.map((tenant) => dataKeys.find(tenant)))).toStrictEqual(keys);
  });

  test("a data key is replaced where it is the one that was read, and no other is", async () => {
    const dataKeys = await open();
    const [tenant, other, first, second] = [aTenantId(), aTenantId(), aWrappedKey(), aWrappedKey()];
    await dataKeys.establish(tenant, first);
    await dataKeys.establish(other, first);
    expect(await dataKeys.replace(tenant, first, second)).toBe(true);
    expect(await dataKeys.replace(tenant, first, aWrappedKey())).toBe(false);
    expect(await dataKeys.find(tenant)).toBe(second);
    expect(await dataKeys.find(other)).toBe(first);
    expect(await dataKeys.establish(tenant, first)).toBe(second);
  });

  test("of 100 concurrent replacements of one data key exactly one succeeds", async () => {
    const dataKeys = await open();
    const [tenant, current] = [aTenantId(), aWrappedKey()];
    await dataKeys.establish(tenant, current);
    const replacements = Array.from({ length: 100 }, () => aWrappedKey());
    const results = await Promise.all(replacements.map((replacement) => dataKeys.replace(tenant, current, replacement)));
    expect(results.filter((replaced) => replaced)).toHaveLength(1);
    expect(await dataKeys.find(tenant)).toBe(replacements[results.indexOf(true)]);
  });

  test("a deleted data key is not replaced", async () => {
    const dataKeys = await open();
    const [tenant, key] = [aTenantId(), aWrappedKey()];
    await dataKeys.establish(tenant, key);
    await dataKeys.deleteTenant(tenant);
    expect(await dataKeys.replace(tenant, key, aWrappedKey())).toBe(false);
    expect(await dataKeys.find(tenant)).toBeUndefined();
  });

  describe("list", () => {
    pageContract<TenantDataKey>(async () => {
      const dataKeys = await open();
      return {
        add: (count) =>
          concurrently(count, async () => {
            const tenantId = aTenantId();
            return { tenantId, wrappedKey: await dataKeys.establish(tenantId, aWrappedKey()) };
          }),
        remove: ({ tenantId }) => dataKeys.deleteTenant(tenantId),
        list: (page) => dataKeys.list(page),
        key: ({ tenantId }) => tenantId,
      };
    });
  });

  test("the deletion of a tenant deletes its data key and no other", async () => {
    const dataKeys = await open();
    const [tenant, other, key] = [aTenantId(), aTenantId(), aWrappedKey()];
    await dataKeys.establish(tenant, aWrappedKey());
    await dataKeys.establish(other, key);
    await dataKeys.deleteTenant(tenant);
    expect(await dataKeys.find(tenant)).toBeUndefined();
    expect(await dataKeys.find(other)).toBe(key);
  });
}
