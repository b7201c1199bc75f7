import { expect, test } from "vitest";
import type { ConsentStore } from "../consent-store.ts";
import { aClientId, aTenantId, aUserId, concurrently, now } from "./fixtures.ts";

/** What every `ConsentStore` promises. `open` gives an empty one. */
export function consentStoreContract(open: () => Promise<ConsentStore>): void {
  test("nothing is allowed where there is no consent", async () => {
    const consents = await open();
    expect(await consents.find(aTenantId(), aUserId(), aClientId())).toStrictEqual([]);
  });

  test("what was allowed adds up, each scope once", async () => {
    const consents = await open();
    const [tenant, user, client] = [aTenantId(), aUserId(), aClientId()];
    await consents.allow(tenant, user, client, ["openid", "email"], now);
    await consents.allow(tenant, user, client, ["email", "profile"], now);
    expect((await consents.find(tenant, user, client)).toSorted()).toStrictEqual(["email", "openid", "profile"]);
  });

  test("100 concurrent calls lose nothing", async () => {
    const consents = await open();
    const [tenant, user, client] = [aTenantId(), aUserId(), aClientId()];
    await concurrently(100, (index) => consents.allow(tenant, user, client, ["openid", `scope-${index}`], now));
    const expected = ["openid", ...Array.from({ length: 100 }, (_, index) => `scope-${index}`)];
    expect((await consents.find(tenant, user, client)).toSorted()).toStrictEqual(expected.toSorted());
  });

  test("a consent holds for one tenant, one user and one client", async () => {
    const consents = await open();
    const [tenant, user, client] = [aTenantId(), aUserId(), aClientId()];
    await consents.allow(tenant, user, client, ["openid"], now);
    expect(await consents.find(aTenantId(), user, client)).toStrictEqual([]);
    expect(await consents.find(tenant, aUserId(), client)).toStrictEqual([]);
    expect(await consents.find(tenant, user, aClientId())).toStrictEqual([]);
  });

  test("the deletion of a user, of a client or of a tenant deletes their consents and no others", async () => {
    const consents = await open();
    const tenants = [aTenantId(), aTenantId()] as const;
    const users = [aUserId(), aUserId()] as const;
    const clients = [aClientId(), aClientId()] as const;
    const everyone = tenants.flatMap((tenant) =>
      users.flatMap((user) => clients.map((client) => [tenant, user, client] as const)),
    );
    for (const [tenant, user, client] of everyone) await consents.allow(tenant, user, client, ["openid", "email"], now);
    const standing = async () => {
      const found = await Promise.all(everyone.map((one) => consents.find(...one)));
      return everyone.filter((_, index) => found[index]?.length === 2);
    };

    await consents.deleteUser(tenants[0], users[0]);
    expect(await standing()).toStrictEqual(everyone.filter(([tenant, user]) => tenant !== tenants[0] || user !== users[0]));
    await consents.deleteClient(tenants[0], clients[0]);
    expect(await standing()).toStrictEqual(
      everyone.filter(([tenant, user, client]) => tenant !== tenants[0] || (user !== users[0] && client !== clients[0])),
    );
    await consents.deleteTenant(tenants[0]);
    expect(await standing()).toStrictEqual(everyone.filter(([tenant]) => tenant !== tenants[0]));
  });

  test("what was deleted can be allowed again, without what was allowed before", async () => {
    const consents = await open();
    const [tenant, user, client] = [aTenantId(), aUserId(), aClientId()];
    await consents.allow(tenant, user, client, ["openid", "email"], now);
    await consents.deleteUser(tenant, user);
    await consents.allow(tenant, user, client, ["openid"], now);
    expect(await consents.find(tenant, user, client)).toStrictEqual(["openid"]);
  });
}
