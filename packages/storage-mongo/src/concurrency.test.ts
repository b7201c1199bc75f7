import {
  aClientId,
  aHash,
  aKeyRing,
  anIdentifier,
  aRefreshableGrant,
  aRotation,
  aTenant,
  aTenantId,
  aTenantName,
  aUser,
  aWrappedKey,
  concurrently,
  now,
  tally,
} from "@signet/storage/contract/fixtures";
import { withMongoDB } from "@signet/test-servers/vitest";
import { expect, test } from "vitest";
import type { MongoStores } from "./mongo-stores.ts";
import { temporaryDatabases, temporaryStores } from "./testing/temporary-stores.ts";

const replicas = 4;

withMongoDB((server) => {
  const database = temporaryDatabases(server)();

  /** The stores of several processes on one database, in turn. */
  function replicated(): (index: number) => MongoStores {
    const [first, ...others] = Array.from({ length: replicas }, () => temporaryStores(server, { database }));
    if (first === undefined) throw new Error("there are several replicas");
    return (index) => others[(index % replicas) - 1] ?? first;
  }

  test("F1: of 100 concurrent refreshes at several replicas exactly one rotates, the others get its successor", async () => {
    const stores = replicated();
    const first = aHash();
    const grant = aRefreshableGrant(first);
    await stores(0).grants.open(grant);
    const rotations = Array.from({ length: 100 }, () => aRotation(grant, first));
    const results = await Promise.all(rotations.map((rotation, index) => stores(index).grants.rotate(rotation)));
    expect(tally(results.map(({ kind }) => kind))).toStrictEqual({ rotated: 1, retried: 99 });
    const winner = rotations[results.findIndex(({ kind }) => kind === "rotated")];
    const successors = new Set(results.flatMap((result) => (result.kind === "retried" ? [result.successor] : [])));
    expect([...successors]).toStrictEqual([winner?.successor]);
  });

  test("of grants that are opened together each has its own outcome", async () => {
    const { grants } = replicated()(0);
    const all = Array.from({ length: 250 }, () => aRefreshableGrant(aHash()));
    const revoked = all.filter((_, index) => index % 10 === 0);
    for (const { tenantId, id, expiresAt } of revoked) await grants.revoke(tenantId, id, expiresAt);
    const outcomes = await Promise.all(all.map((grant) => grants.open(grant)));
    expect(outcomes).toStrictEqual(all.map((_, index) => (index % 10 === 0 ? "revoked" : "opened")));
    for (const [index, grant] of all.entries()) {
      const found = await grants.find(grant.tenantId, grant.id, now);
      expect(found?.id).toBe(index % 10 === 0 ? undefined : grant.id);
    }
  });

  test("C2: a revocation at one replica ends a refresh at every other", async () => {
    const stores = replicated();
    const first = aHash();
    const grant = aRefreshableGrant(first);
    await stores(0).grants.open(grant);
    await stores(1).grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    const results = await concurrently(20, (index) => stores(index).grants.rotate(aRotation(grant, first)));
    expect(tally(results.map(({ kind }) => kind))).toStrictEqual({ unknown: 20 });
  });

  test("of 100 concurrent registrations of one identifier at several replicas exactly one succeeds", async () => {
    const stores = replicated();
    const tenantId = aTenantId();
    const shared = anIdentifier();
    const results = await concurrently(100, (index) =>
      stores(index).users.create(aUser({ tenantId, identifiers: [anIdentifier(), shared] })),
    );
    expect(tally(results)).toStrictEqual({ created: 1, "identifier-taken": 99 });
  });

  test("users who swap, drop and take each other's identifiers at several replicas never share one", async () => {
    const stores = replicated();
    const tenantId = aTenantId();
    const identifiers = Array.from({ length: 4 }, () => anIdentifier());
    const people = Array.from({ length: 8 }, () => aUser({ tenantId }));
    for (const user of people) await stores(0).users.create(user);
    const results: string[] = [];
    await concurrently(people.length, async (index) => {
      for (let round = 0; round < 8; round++) {
        const user = people[index];
        const current = user && (await stores(index).users.find(tenantId, user.id));
        const wanted = identifiers[(index + round) % identifiers.length];
        if (current === undefined || wanted === undefined) throw new Error("there are eight users and four identifiers");
        results.push(
          await stores(index + round).users.replace({ ...current, identifiers: [wanted], version: current.version + 1 }),
        );
      }
    });
    expect(tally(results)).toMatchObject({ replaced: expect.any(Number), "identifier-taken": expect.any(Number) });
    const { items } = await stores(0).users.list(tenantId, { limit: 100 });
    const held = items.flatMap((user) => user.identifiers);
    expect(new Set(held).size).toBe(held.length);
    for (const user of items) {
      for (const identifier of user.identifiers) {
        expect((await stores(1).users.findByIdentifier(tenantId, "users", identifier))?.id).toBe(user.id);
      }
    }
    for (const identifier of identifiers.filter((one) => !held.includes(one))) {
      expect(await stores(2).users.findByIdentifier(tenantId, "users", identifier)).toBeUndefined();
    }
  });

  test("one name, one administration token, one data key and one signing key come of many concurrent candidates", async () => {
    const stores = replicated();
    const tenantId = aTenantId();
    const name = aTenantName();
    const tenants = await concurrently(40, (index) => stores(index).tenants.create(aTenant({ name })));
    expect(tally(tenants)).toStrictEqual({ created: 1, "name-taken": 39 });
    const tokens = await concurrently(40, (index) => stores(index).administration.establishTokenHash(aHash()));
    expect(tally(tokens)).toStrictEqual({ established: 1, exists: 39 });
    const dataKeys = await concurrently(40, (index) => stores(index).tokenDataKeys.establish(tenantId, aWrappedKey()));
    expect(new Set(dataKeys).size).toBe(1);
    const signingKeys = await concurrently(40, (index) => stores(index).signingKeys.establish(aKeyRing({ tenantId })));
    expect(new Set(signingKeys.map(({ keys }) => keys[0]?.id)).size).toBe(1);
  });

  test("of 100 concurrent replacements of one data key at several replicas exactly one succeeds", async () => {
    const stores = replicated();
    const [tenantId, current] = [aTenantId(), aWrappedKey()];
    await stores(0).tokenDataKeys.establish(tenantId, current);
    const replacements = Array.from({ length: 100 }, () => aWrappedKey());
    const results = await concurrently(100, async (index) => {
      return await stores(index).tokenDataKeys.replace(tenantId, current, replacements[index] ?? current);
    });
    expect(results.filter((replaced) => replaced)).toHaveLength(1);
    expect(await stores(1).tokenDataKeys.find(tenantId)).toBe(replacements[results.indexOf(true)]);
  });

  test("consents that are given at several replicas at once add up", async () => {
    const stores = replicated();
    const user = aUser();
    const clients = [aClientId(), aClientId(), aClientId()] as const;
    await stores(0).users.create(user);
    await concurrently(60, (index) => {
      const client = clients[index % 3] ?? clients[0];
      return stores(index).consents.allow(user.tenantId, user.id, client, [`scope-${index}`], now);
    });
    for (const client of clients) {
      const found = await stores(1).users.findWithConsent(user.tenantId, user.id, client);
      expect(found?.user).toStrictEqual(user);
      expect(new Set(found?.allowed).size).toBe(20);
    }
  });

  test("a user who is replaced at one replica keeps the consents that they give at others at the same time", async () => {
    const stores = replicated();
    const [user, client] = [aUser(), aClientId()];
    const identifiers = [anIdentifier(), anIdentifier()] as const;
    await stores(0).users.create(user);
    const consented = concurrently(3, async (writer) => {
      for (let round = 0; round < 20; round++) {
        await stores(writer + 1).consents.allow(user.tenantId, user.id, client, [`scope-${writer}-${round}`], now);
      }
    });
    let current = user;
    for (let version = 2; version <= 20; version++) {
      const changed = { identifiers: [identifiers[version % 2] ?? identifiers[0]], roles: [`role-${version}`], version };
      current = { ...user, ...changed };
      expect(await stores(0).users.replace(current)).toBe("replaced");
    }
    await consented;
    const found = await stores(1).users.findWithConsent(user.tenantId, user.id, client);
    expect(found?.user).toStrictEqual(current);
    expect(new Set(found?.allowed).size).toBe(60);
  });

  test("a user who is deleted amid consents does not come back", async () => {
    const stores = replicated();
    const [user, client] = [aUser(), aClientId()];
    await stores(0).users.create(user);
    await concurrently(40, async (index) => {
      if (index === 20) await stores(index).users.delete(user.tenantId, user.id);
      else await stores(index).consents.allow(user.tenantId, user.id, client, [`scope-${index}`], now);
    });
    expect(await stores(1).users.findWithConsent(user.tenantId, user.id, client)).toBeUndefined();
    expect(await stores(1).users.create(user)).toBe("created");
    expect(await stores(1).consents.find(user.tenantId, user.id, client)).toStrictEqual([]);
  });
});
