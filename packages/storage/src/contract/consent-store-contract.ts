import { expect, test } from "vitest";
import type { AuthStores } from "../stores.ts";
import { aClientId, aCompleteUser, aTenantId, aUser, aUserId, concurrently, now } from "./fixtures/index.ts";

/** What every `ConsentStore` promises, together with the `UserStore` whose users consent. `open` gives empty ones. */
export function consentStoreContract(open: () => Promise<Pick<AuthStores, "users" | "consents">>): void {
  /** The stores, and somebody in them. */
  async function opened() {
    const { users, consents } = await open();
    const user = aUser();
    await users.create(user);
    return { users, consents, tenant: user.tenantId, user: user.id, person: user };
  }

  test("nothing is allowed where there is no consent", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const client = aClientId();
    expect(await consents.find(tenant, user, client)).toStrictEqual([]);
    expect(await users.findWithConsent(tenant, user, client)).toStrictEqual({ user: person, allowed: [] });
  });

  test("what was allowed adds up, each scope once", async () => {
    const { consents, tenant, user } = await opened();
    const client = aClientId();
    await consents.allow(tenant, user, client, ["openid", "email"], now);
    await consents.allow(tenant, user, client, ["email", "profile"], now);
    expect((await consents.find(tenant, user, client)).toSorted()).toStrictEqual(["email", "openid", "profile"]);
  });

  test("100 concurrent calls lose nothing", async () => {
    const { consents, tenant, user } = await opened();
    const client = aClientId();
    await concurrently(100, (index) => consents.allow(tenant, user, client, ["openid", `scope-${index}`], now));
    const expected = ["openid", ...Array.from({ length: 100 }, (_, index) => `scope-${index}`)];
    expect((await consents.find(tenant, user, client)).toSorted()).toStrictEqual(expected.toSorted());
  });

  test("concurrent consents to several clients lose nothing", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const clients = [aClientId(), aClientId(), aClientId(), aClientId()] as const;
    await concurrently(40, (index) => {
      return consents.allow(tenant, user, clients[index % 4] ?? clients[0], [`scope-${index}`], now);
    });
    for (const [first, client] of clients.entries()) {
      const expected = Array.from({ length: 10 }, (_, round) => `scope-${first + 4 * round}`);
      const found = await users.findWithConsent(tenant, user, client);
      expect(found?.user).toStrictEqual(person);
      expect(found?.allowed.toSorted()).toStrictEqual(expected.toSorted());
    }
  });

  test("users who are read at the same time come each with what they allowed the client that was asked about", async () => {
    const { users, consents, tenant } = await opened();
    const people = Array.from({ length: 12 }, () => aUser({ tenantId: tenant }));
    const clients = [aClientId(), aClientId()] as const;
    for (const person of people) {
      await users.create(person);
      await consents.allow(tenant, person.id, clients[0], [`scope-of-${person.id}`], now);
    }
    const found = await concurrently(48, async (index) => {
      const person = people[index % people.length];
      const client = clients[index % 2] ?? clients[0];
      return person && (await users.findWithConsent(tenant, person.id, client));
    });
    for (const [index, one] of found.entries()) {
      const person = people[index % people.length];
      expect(one).toStrictEqual({ user: person, allowed: index % 2 === 0 ? [`scope-of-${person?.id}`] : [] });
    }
    expect(await Promise.all([users.findWithConsent(tenant, aUserId(), clients[0])])).toStrictEqual([undefined]);
  });

  test("a consent holds for one tenant, one user and one client", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const [client, other] = [aClientId(), aUser({ tenantId: tenant })];
    await users.create(other);
    await consents.allow(tenant, user, client, ["openid"], now);
    expect(await consents.find(aTenantId(), user, client)).toStrictEqual([]);
    expect(await consents.find(tenant, other.id, client)).toStrictEqual([]);
    expect(await consents.find(tenant, user, aClientId())).toStrictEqual([]);
    expect(await users.findWithConsent(aTenantId(), user, client)).toBeUndefined();
    expect(await users.findWithConsent(tenant, other.id, client)).toStrictEqual({ user: other, allowed: [] });
    expect(await users.findWithConsent(tenant, user, aClientId())).toStrictEqual({ user: person, allowed: [] });
  });

  test("a scope may have any name", async () => {
    const { consents, tenant, user } = await opened();
    const [client, scopes] = [aClientId(), ["$set", "a.b", "https://api.example/read", '{"$ne":""}', "__proto__"]];
    await consents.allow(tenant, user, client, scopes, now);
    expect((await consents.find(tenant, user, client)).toSorted()).toStrictEqual(scopes.toSorted());
  });

  test("nobody is found together with their consent who does not exist", async () => {
    const { users } = await opened();
    expect(await users.findWithConsent(aTenantId(), aUserId(), aClientId())).toBeUndefined();
  });

  test("a user who is gone allows nothing, and does not come back by it", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const client = aClientId();
    await users.delete(tenant, user);
    await consents.allow(tenant, user, client, ["openid"], now);
    await consents.allow(tenant, aUserId(), client, ["openid"], now);
    expect(await consents.find(tenant, user, client)).toStrictEqual([]);
    expect(await users.find(tenant, user)).toBeUndefined();
    expect(await users.list(tenant, { limit: 10 })).toStrictEqual({ items: [] });
    await users.create(person);
    expect(await consents.find(tenant, user, client)).toStrictEqual([]);
  });

  test("a user is read, listed and replaced as if there were no consents, and these stay", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const client = aClientId();
    await consents.allow(tenant, user, client, ["openid"], now);
    expect(await users.find(tenant, user)).toStrictEqual(person);
    expect(await users.list(tenant, { limit: 10 })).toStrictEqual({ items: [person] });
    const complete = aCompleteUser({ tenantId: tenant, id: user, version: 2 });
    const bare = { ...person, version: 3 };
    for (const replacement of [complete, bare]) {
      expect(await users.replace(replacement)).toBe("replaced");
      expect(await users.findWithConsent(tenant, user, client)).toStrictEqual({ user: replacement, allowed: ["openid"] });
    }
  });

  test("consents and replacements of one user at the same time lose nothing of each other", async () => {
    const { users, consents, tenant, user, person } = await opened();
    const client = aClientId();
    const replaced = (async () => {
      for (let version = 2; version <= 20; version++) {
        expect(await users.replace({ ...person, roles: [`role-${version}`], version })).toBe("replaced");
      }
    })();
    await concurrently(4, async (writer) => {
      for (let round = 0; round < 10; round++) await consents.allow(tenant, user, client, [`scope-${writer}-${round}`], now);
    });
    await replaced;
    const found = await users.findWithConsent(tenant, user, client);
    expect(found?.user).toStrictEqual({ ...person, roles: ["role-20"], version: 20 });
    expect(new Set(found?.allowed).size).toBe(40);
  });

  /** Two tenants with two users each, all of whom allowed the same two clients something. */
  async function everybody() {
    const { users, consents } = await open();
    const tenants = [aTenantId(), aTenantId()] as const;
    const clients = [aClientId(), aClientId()] as const;
    const people = tenants.flatMap((tenantId) => [aUser({ tenantId }), aUser({ tenantId })]);
    for (const user of people) await users.create(user);
    const all = people.flatMap((user) => clients.map((client) => ({ tenant: user.tenantId, user: user.id, client })));
    for (const { tenant, user, client } of all) await consents.allow(tenant, user, client, ["openid", "email"], now);
    const standing = async () => {
      const found = await Promise.all(all.map(({ tenant, user, client }) => consents.find(tenant, user, client)));
      return all.filter((_, index) => found[index]?.length === 2);
    };
    const [one = aUser()] = people;
    return { users, consents, clients, people, one, all, standing };
  }

  test("the deletion of a client takes what its tenant's users allowed it, and nothing else", async () => {
    const { users, consents, clients, people, one, all, standing } = await everybody();
    await consents.deleteClient(one.tenantId, clients[0]);
    expect(await standing()).toStrictEqual(all.filter(({ tenant, client }) => tenant !== one.tenantId || client !== clients[0]));
    for (const user of people) expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
    await consents.deleteClient(one.tenantId, clients[0]);
  });

  test("the deletion of a user takes their consents, and no others", async () => {
    const { users, one, all, standing } = await everybody();
    await users.delete(one.tenantId, one.id);
    await users.create(one);
    expect(await standing()).toStrictEqual(all.filter(({ user }) => user !== one.id));
  });

  test("the deletion of a tenant's users takes their consents, and no others", async () => {
    const { users, people, one, all, standing } = await everybody();
    await users.deleteTenant(one.tenantId);
    for (const user of people.filter(({ tenantId }) => tenantId === one.tenantId)) await users.create(user);
    expect(await standing()).toStrictEqual(all.filter(({ tenant }) => tenant !== one.tenantId));
  });

  test("what was taken back can be allowed again, without what was allowed before", async () => {
    const { consents, tenant, user } = await opened();
    const [client, other] = [aClientId(), aClientId()];
    await consents.allow(tenant, user, client, ["openid", "email"], now);
    await consents.deleteClient(tenant, client);
    await consents.allow(tenant, user, client, ["openid"], now);
    expect(await consents.find(tenant, user, client)).toStrictEqual(["openid"]);
    expect(await consents.find(tenant, user, other)).toStrictEqual([]);
  });
}
