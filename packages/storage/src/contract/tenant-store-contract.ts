import { later, type TenantName } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { type DeletedTenant, deletedTenantKey, type StoredTenant, type TenantStore } from "../tenant-store.ts";
import { aHash, aSealed, aTenant, aTenantName, concurrently, minute, now, tally } from "./fixtures/index.ts";
import { growingPageContract, pageContract } from "./page-contract.ts";

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
    expect(await tenants.delete(tenant, now)).toBe(true);
    expect(await tenants.findByName(tenant.name)).toBeUndefined();
    expect(await tenants.create(aTenant({ name: tenant.name }))).toBe("created");
  });

  test("of 100 concurrent deletions exactly one finds the tenant", async () => {
    const tenants = await open();
    const tenant = aTenant();
    await tenants.create(tenant);
    const results = await concurrently(100, () => tenants.delete(tenant, now));
    expect(results.filter((found) => found)).toHaveLength(1);
  });

  test("the deletion of a tenant that does not exist finds nothing", async () => {
    const tenants = await open();
    expect(await tenants.delete(aTenant(), now)).toBe(false);
  });

  test("a deletion is remembered, and a deleted tenant is no tenant any more", async () => {
    const tenants = await open();
    const [tenant, other] = [aTenant(), aTenant()];
    await tenants.create(tenant);
    await tenants.create(other);
    expect(await tenants.findUnfinished(tenant.name)).toBeUndefined();
    await tenants.delete(tenant, now);
    const deleted = { id: tenant.id, name: tenant.name, deletedAt: now };
    expect(await tenants.findUnfinished(tenant.name)).toStrictEqual(deleted);
    expect(await tenants.listDeleted({ limit: 10 })).toStrictEqual({ items: [deleted] });
    expect(await tenants.list({ limit: 10 })).toStrictEqual({ items: [other] });
    expect(await tenants.replace(changed(tenant))).toBe("unknown");
    expect(await tenants.delete(tenant, later(now, minute))).toBe(false);
    expect(await tenants.findUnfinished(tenant.name)).toStrictEqual(deleted);
  });

  test("of several that had one name all are remembered, and the one that was deleted last is found", async () => {
    const tenants = await open();
    const name = aTenantName();
    const others = ["a", "0", "-a"].map((suffix) => aTenant({ name: `${name}${suffix}` as TenantName }));
    for (const other of others) {
      await tenants.create(other);
      await tenants.delete(other, later(now, 9 * minute));
    }
    const generations = [0, 1, 2].map((index) => ({ tenant: aTenant({ name }), deletedAt: later(now, index * minute) }));
    for (const { tenant, deletedAt } of generations) {
      expect(await tenants.create(tenant)).toBe("created");
      expect(await tenants.delete(tenant, deletedAt)).toBe(true);
      expect(await tenants.findUnfinished(name)).toStrictEqual({ id: tenant.id, name, deletedAt });
    }
    const { items } = await tenants.listDeleted({ limit: 10 });
    expect(items.filter((item) => item.name === name).map(({ id }) => id)).toStrictEqual(
      generations.map(({ tenant }) => tenant.id),
    );
  });

  test("a deletion that was finished is found no more, and is remembered; one that was not is found still", async () => {
    const tenants = await open();
    const name = aTenantName();
    const [first, second] = [aTenant({ name }), aTenant({ name })];
    await tenants.create(first);
    await tenants.finishDeletion(first.id);
    expect(await tenants.findByName(name)).toStrictEqual(first);
    await tenants.delete(first, now);
    await tenants.create(second);
    await tenants.delete(second, later(now, minute));
    await tenants.finishDeletion(second.id);
    expect((await tenants.findUnfinished(name))?.id).toBe(first.id);
    await tenants.finishDeletion(first.id);
    expect(await tenants.findUnfinished(name)).toBeUndefined();
    expect((await tenants.listDeleted({ limit: 10 })).items.map(({ id }) => id)).toStrictEqual([first.id, second.id]);
  });

  test("only the tenant that has the name is deleted, not one that comes after it", async () => {
    const tenants = await open();
    const [before, after] = [aTenant(), aTenant()];
    await tenants.create(before);
    await tenants.delete(before, now);
    const successor = { ...after, name: before.name };
    await tenants.create(successor);
    expect(await tenants.delete(before, now)).toBe(false);
    expect(await tenants.findByName(before.name)).toStrictEqual(successor);
  });

  describe("listDeleted", () => {
    growingPageContract<DeletedTenant>(async () => {
      const tenants = await open();
      return {
        add: (count) =>
          concurrently(count, async () => {
            const { id, name } = await created(tenants);
            await tenants.delete({ id, name }, now);
            return { id, name, deletedAt: now };
          }),
        list: (page) => tenants.listDeleted(page),
        key: deletedTenantKey,
      };
    });
  });

  describe("list", () => {
    pageContract<StoredTenant>(async () => {
      const tenants = await open();
      return {
        add: (count) => concurrently(count, () => created(tenants)),
        remove: (tenant) => tenants.delete(tenant, now),
        list: (page) => tenants.list(page),
        key: (tenant) => tenant.name,
      };
    });
  });
}

async function created(tenants: TenantStore): Promise<StoredTenant> {
  const tenant = aTenant();
  await tenants.create(tenant);
  return tenant;
}

function changed(tenant: StoredTenant): StoredTenant {
  return {
    ...tenant,
    settings: { ...tenant.settings, collection: "staff", refreshTokens: "always", requirePkce: true, tokenTimeout: 60_000 },
    registrationTokenHash: aHash(),
    registrationToken: aSealed(),
    version: tenant.version + 1,
  };
}
