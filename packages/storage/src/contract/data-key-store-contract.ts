import { expect, test } from "vitest";
import type { DataKeyStore } from "../data-key-store.ts";
import { aTenantId, aWrappedKey, concurrently } from "./fixtures.ts";

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
