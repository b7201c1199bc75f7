import { describe, expect, test } from "vitest";
import type { StoredTenant, TenantStore } from "../tenant-store.ts";
import { aHash, aSealed, aTenant, aTenantId, aTenantName, concurrently, tally } from "./fixtures.ts";
import { pageContract } from "./page-contract.ts";

/** What every `TenantStore` promises. `open` gives an empty one. */
export function tenantStoreContract(open: () => Promise<TenantStore>): void {
  test("a created tenant is found by its name, with all that it was created with", async () => {
    const tenants = await open();
    const bare = aTenant();
    const branded = aTenant({
      branding: { name: "Acme", logoUri: "https://acme.example/l.png", accentColor: "#a1b2c3", welcomeText: "Hi" },
    });
    expect(await tenants.create(bare)).toBe("created");
    expect(await tenants.create(branded)).toBe("created");
    expect(await tenants.findByName(bare.name)).toStrictEqual(bare);
    expect(await tenants.findByName(branded.name)).toStrictEqual(branded);
  });

  test("a name that no tenant has finds nothing", async () => {
    const tenants = await open();
    await tenants.create(aTenant());
    expect(await tenants.findByName(aTenantName())).toBeUndefined();
  });

  test("of 100 concurrent calls with one name exactly one creates the tenant", async () => {
    const tenants = await open();
    const name = aTenantName();
    const candidates = Array.from({ length: 100 }, () => aTenant({ name }));
    const results = await Promise.all(candidates.map((candidate) => tenants.create(candidate)));
    expect(tally(results)).toStrictEqual({ created: 1, "name-taken": 99 });
    expect(await tenants.findByName(name)).toStrictEqual(candidates[results.indexOf("created")]);
  });

  test("a replacement of the next version takes the place of the tenant", async () => {
    const tenants = await open();
    const tenant = aTenant();
    await tenants.create(tenant);
    const replacement = changed(tenant);
    expect(await tenants.replace(replacement)).toBe("replaced");
    expect(await tenants.findByName(tenant.name)).toStrictEqual(replacement);
  });

  test.each([1, 3])(
    "a replacement of version %i is a conflict where version 1 is stored, and changes nothing",
    async (version) => {
      const tenants = await open();
      const tenant = aTenant();
      await tenants.create(tenant);
      expect(await tenants.replace({ ...changed(tenant), version })).toBe("conflict");
      expect(await tenants.findByName(tenant.name)).toStrictEqual(tenant);
    },
  );

  test("a replacement of a tenant that does not exist is unknown, and creates nothing", async () => {
    const tenants = await open();
    const tenant = aTenant({ version: 2 });
    expect(await tenants.replace(tenant)).toBe("unknown");
    expect(await tenants.findByName(tenant.name)).toBeUndefined();
  });

  test("of 100 concurrent replacements of one version exactly one succeeds", async () => {
    const tenants = await open();
    const tenant = aTenant();
    await tenants.create(tenant);
    const replacements = Array.from({ length: 100 }, () => changed(tenant));
    const results = await Promise.all(replacements.map((replacement) => tenants.replace(replacement)));
    expect(tally(results)).toStrictEqual({ replaced: 1, conflict: 99 });
    expect(await tenants.findByName(tenant.name)).toStrictEqual(replacements[results.indexOf("replaced")]);
  });

  test("a deleted tenant is not found, and its name is free", async () => {
    const tenants = await open();
    const tenant = aTenant();
    await tenants.create(tenant);
    expect(await tenants.delete(tenant.id)).toBe(true);
    expect(await tenants.findByName(tenant.name)).toBeUndefined();
    expect(await tenants.create(aTenant({ name: tenant.name }))).toBe("created");
  });

  test("of 100 concurrent deletions exactly one finds the tenant", async () => {
    const tenants = await open();
    const tenant = aTenant();
    await tenants.create(tenant);
    const results = await concurrently(100, () => tenants.delete(tenant.id));
    expect(results.filter((found) => found)).toHaveLength(1);
  });

  test("the deletion of a tenant that does not exist finds nothing", async () => {
    const tenants = await open();
    expect(await tenants.delete(aTenantId())).toBe(false);
  });

  describe("list", () => {
    pageContract<StoredTenant>(async () => {
      const tenants = await open();
      return {
        add: (count) =>
          concurrently(count, async () => {
            const tenant = aTenant();
            await tenants.create(tenant);
            return tenant;
          }),
        remove: (tenant) => tenants.delete(tenant.id),
        list: (page) => tenants.list(page),
        key: (tenant) => tenant.name,
      };
    });
  });
}

function changed(tenant: StoredTenant): StoredTenant {
  return {
    ...tenant,
    settings: { ...tenant.settings, collection: "staff", refreshTokens: "always", tokenTimeout: 60_000 },
    registrationTokenHash: aHash(),
    registrationToken: aSealed(),
    version: tenant.version + 1,
  };
}
