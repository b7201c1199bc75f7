import { performance } from "node:perf_hooks";
import { ResourceError } from "@signet/protocol";
import {
  aClientId,
  aHash,
  aRefreshableGrant,
  aRotation,
  aTenant,
  aTenantName,
  aUser,
  concurrently,
  now,
} from "@signet/storage/contract/fixtures";
import { withMongodServer } from "@signet/test-servers/vitest";
import { afterEach, expect, test, vi } from "vitest";
import { type MongoStores, openMongoStores } from "./mongo-stores.ts";
import { temporaryDatabases, temporaryStores } from "./testing/temporary-stores.ts";

/** What issue and design allow: unavailable within 2 s, back within 5 s. */
const unavailableMilliseconds = 2000;
const recoveryMilliseconds = 5000;
const deadlineMilliseconds = 500;
/** Enough for a write on a machine that has much else to do. */
const amplyMilliseconds = 5000;

withMongodServer((server) => {
  const aDatabase = temporaryDatabases(server);
  const database = aDatabase();
  afterEach(async () => {
    server.resume();
    await server.kill();
    await server.start();
  });

  async function opened(milliseconds = deadlineMilliseconds): Promise<MongoStores> {
    const stores = temporaryStores(server, { database, deadlineMilliseconds: milliseconds });
    await vi.waitFor(() => stores.ready(), { timeout: 30_000 });
    return stores;
  }

  async function expectRecovery(stores: MongoStores): Promise<void> {
    await vi.waitFor(() => stores.ready(), { timeout: recoveryMilliseconds });
  }

  test("X10: while MongoDB is away every call is unavailable in time, and works again by itself once it is back", async () => {
    const stores = await opened();
    const tenant = aTenant();
    await stores.tenants.create(tenant);
    await server.kill();
    const calls = [
      () => stores.tenants.findByName(tenant.name),
      () => stores.tenants.create(aTenant()),
      () => stores.users.create(aUser()),
      () => stores.consents.allow(tenant.id, aUser().id, aClientId(), ["openid"], now),
      () => stores.grants.rotate(aRotation(aRefreshableGrant(aHash()), aHash())),
      () => stores.ready(),
    ];
    // Each of them in turn, many at once.
    await concurrently(100, (index) => expectUnavailable(calls[index % calls.length]?.()));

    await server.start();
    await expectRecovery(stores);
    expect(await stores.tenants.findByName(tenant.name)).toStrictEqual(tenant);
    expect(await stores.tenants.create(aTenant())).toBe("created");
  });

  test("X10: of what was acknowledged before a kill amid writes nothing is lost, and no token is spent twice", {
    timeout: 60_000,
  }, async () => {
    const stores = await opened(amplyMilliseconds);
    const users: ReturnType<typeof aUser>[] = [];
    const refreshed: ReturnType<typeof refreshable>[] = [];
    let acknowledged = 0;
    const writers = concurrently(8, async () => {
      for (;;) {
        const user = aUser();
        const refresh = refreshable();
        try {
          await stores.users.create(user);
          users.push(user);
          await stores.grants.open(refresh.grant);
          await stores.grants.rotate(refresh.rotation);
          refreshed.push(refresh);
          acknowledged++;
        } catch (error) {
          return error;
        }
      }
    });
    await vi.waitUntil(() => acknowledged > 40, { timeout: 20_000 });
    await server.kill();
    for (const error of await writers) expect(error).toBeInstanceOf(ResourceError);

    await server.start();
    await expectRecovery(stores);
    for (const user of users) {
      const [identifier] = user.identifiers;
      expect(identifier && (await stores.users.findByIdentifier(user.tenantId, user.collection, identifier))).toStrictEqual(user);
    }
    for (const { grant, rotation, again } of refreshed) {
      expect((await stores.grants.find(grant.tenantId, grant.id, now))?.refresh?.current).toBe(rotation.next);
      expect(await stores.grants.rotate(again)).toMatchObject({ kind: "retried", successor: rotation.successor });
    }
  });

  test("a MongoDB that stands still is unavailable in time, and holds no more than the bound", async () => {
    const stores = temporaryStores(server, { database, deadlineMilliseconds, maximumConnections: 2, maximumOutstanding: 5 });
    await vi.waitFor(() => stores.ready(), { timeout: 30_000 });
    server.pause();
    const waiting = concurrently(5, () => expectUnavailable(stores.tenants.findByName(aTenantName())));
    const before = performance.now();
    await expect(stores.tenants.findByName(aTenantName())).rejects.toMatchObject({
      kind: "unavailable",
      description: "too many requests wait for the store",
    });
    expect(performance.now() - before).toBeLessThan(deadlineMilliseconds);
    await waiting;
    server.resume();
    await expectRecovery(stores);
    expect(await stores.tenants.create(aTenant())).toBe("created");
  });

  test("stores open while MongoDB is away, and have their indexes as soon as it is there", async () => {
    const ofItsOwn = aDatabase();
    await server.kill();
    const stores = temporaryStores(server, { database: ofItsOwn, deadlineMilliseconds });
    const name = aTenantName();
    await expectUnavailable(stores.ready());
    await expectUnavailable(stores.tenants.create(aTenant({ name })));
    await server.start();
    await expectRecovery(stores);
    expect(await stores.tenants.create(aTenant({ name }))).toBe("created");
    expect(await stores.tenants.create(aTenant({ name }))).toBe("name-taken");
  });

  test("stores that were closed refuse every call", async () => {
    const stores = openMongoStores({ url: server.url, database });
    await vi.waitFor(() => stores.ready(), { timeout: 30_000 });
    await stores.close();
    await stores.close();
    await expectUnavailable(stores.ready());
    await expectUnavailable(stores.administration.findTokenHash());
  });

  test("stores close also while MongoDB is away", async () => {
    const stores = await opened();
    await server.kill();
    const waiting = expectUnavailable(stores.administration.findTokenHash());
    await stores.close();
    await waiting;
  });
});

test("an address that is none of MongoDB's is told at once", () => {
  expect(() => openMongoStores({ url: "redis://127.0.0.1" })).toThrow(/mongodb/);
});

function refreshable() {
  const first = aHash();
  const grant = aRefreshableGrant(first);
  return { grant, rotation: aRotation(grant, first), again: aRotation(grant, first) };
}

async function expectUnavailable(call: Promise<unknown> | undefined): Promise<void> {
  const before = performance.now();
  await expect(call).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  expect(performance.now() - before).toBeLessThan(unavailableMilliseconds);
}
