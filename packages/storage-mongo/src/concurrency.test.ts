import {
  aClientId,
  aHash,
  anIdentifier,
  aRefreshableGrant,
  aRotation,
  aSigningKey,
  aTenant,
  aTenantId,
  aTenantName,
  aUser,
  aUserId,
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
    const signingKeys = await concurrently(40, (index) => stores(index).signingKeys.establish(aSigningKey({ tenantId })));
    expect(new Set(signingKeys.map((key) => key.id)).size).toBe(1);
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
    const [tenant, user, client] = [aTenantId(), aUserId(), aClientId()];
    await concurrently(40, (index) => stores(index).consents.allow(tenant, user, client, [`scope-${index}`], now));
    expect(await stores(0).consents.find(tenant, user, client)).toHaveLength(40);
  });
});
