import { signingAlgorithms } from "@signet/protocol";
import { expect, test } from "vitest";
import type { SigningKeyStore } from "../signing-key-store.ts";
import { aSigningKey, aTenantId } from "./fixtures/index.ts";

/** What every `SigningKeyStore` promises. `open` gives an empty one. */
export function signingKeyStoreContract(open: () => Promise<SigningKeyStore>): void {
  test("a tenant has no keys before one is established", async () => {
    const signingKeys = await open();
    await signingKeys.establish(aSigningKey());
    expect(await signingKeys.list(aTenantId())).toStrictEqual([]);
  });

  test("100 concurrent calls establish one of their candidates, and all get it", async () => {
    const signingKeys = await open();
    const tenantId = aTenantId();
    const candidates = Array.from({ length: 100 }, () => aSigningKey({ tenantId }));
    const established = await Promise.all(candidates.map((candidate) => signingKeys.establish(candidate)));
    const [key] = established;
    expect(candidates).toContainEqual(key);
    for (const other of established) expect(other).toStrictEqual(key);
    expect(await signingKeys.list(tenantId)).toStrictEqual([key]);
  });

  test("an established key stays", async () => {
    const signingKeys = await open();
    const key = aSigningKey();
    expect(await signingKeys.establish(key)).toStrictEqual(key);
    expect(await signingKeys.establish(aSigningKey({ tenantId: key.tenantId }))).toStrictEqual(key);
    expect(await signingKeys.list(key.tenantId)).toStrictEqual([key]);
  });

  test("each algorithm has a key of its own; the list is in the order of their ids", async () => {
    const signingKeys = await open();
    const tenantId = aTenantId();
    const keys = signingAlgorithms.map((algorithm) => aSigningKey({ tenantId, algorithm }));
    for (const key of keys) expect(await signingKeys.establish(key)).toStrictEqual(key);
    expect(await signingKeys.list(tenantId)).toStrictEqual(keys.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
  });

  test("T4: no tenant gets another tenant's key", async () => {
    const signingKeys = await open();
    const [key, other] = [aSigningKey(), aSigningKey()];
    expect(await signingKeys.establish(key)).toStrictEqual(key);
    expect(await signingKeys.establish(other)).toStrictEqual(other);
    expect(await signingKeys.list(key.tenantId)).toStrictEqual([key]);
  });

  test("the deletion of a tenant deletes its keys and no others", async () => {
    const signingKeys = await open();
    const [key, other] = [aSigningKey(), aSigningKey()];
    await signingKeys.establish(key);
    await signingKeys.establish(other);
    await signingKeys.deleteTenant(key.tenantId);
    expect(await signingKeys.list(key.tenantId)).toStrictEqual([]);
    expect(await signingKeys.list(other.tenantId)).toStrictEqual([other]);
  });
}
