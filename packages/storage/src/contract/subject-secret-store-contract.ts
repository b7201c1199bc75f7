import { expect, test } from "vitest";
import type { SubjectSecretStore } from "../subject-secret-store.ts";
import { aSealed, aTenantId } from "./fixtures/index.ts";

/** What every `SubjectSecretStore` promises. `open` gives an empty one. */
export function subjectSecretStoreContract(open: () => Promise<SubjectSecretStore>): void {
  test("a tenant has no secret before one is established, and then keeps it", async () => {
    const secrets = await open();
    const [tenant, other, secret] = [aTenantId(), aTenantId(), aSealed()];
    expect(await secrets.establish(tenant, secret)).toBe(secret);
    expect(await secrets.establish(tenant, aSealed())).toBe(secret);
    expect(await secrets.find(tenant)).toBe(secret);
    expect(await secrets.find(other)).toBeUndefined();
  });

  test("100 concurrent calls establish one of their candidates, and all get it", async () => {
    const secrets = await open();
    const tenant = aTenantId();
    const candidates = Array.from({ length: 100 }, () => aSealed());
    const established = new Set(await Promise.all(candidates.map((candidate) => secrets.establish(tenant, candidate))));
    expect(established.size).toBe(1);
    expect(candidates).toContain([...established][0]);
    expect(await secrets.find(tenant)).toBe([...established][0]);
  });

  test("the deletion of a tenant deletes its secret and no other", async () => {
    const secrets = await open();
    const [tenant, other, secret] = [aTenantId(), aTenantId(), aSealed()];
    await secrets.establish(tenant, aSealed());
    await secrets.establish(other, secret);
    await secrets.deleteTenant(tenant);
    await secrets.deleteTenant(tenant);
    expect(await secrets.find(tenant)).toBeUndefined();
    expect(await secrets.find(other)).toBe(secret);
  });
}
