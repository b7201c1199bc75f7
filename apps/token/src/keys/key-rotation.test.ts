import { randomBytes } from "node:crypto";
import { later, newTenantId, publicationMilliseconds, ResourceError, type SigningAlgorithm } from "@signet/protocol";
import { keyRingKey, type SigningKeyStore } from "@signet/storage";
import { expect, test } from "vitest";
import { openTokenService } from "../testing/token-service.ts";
import { createKeyRings } from "./key-rings.ts";
import type { KeyChange } from "./key-rotation.ts";
import { createSigningKeys, type SigningKeys, type SigningKeysOptions } from "./signing-keys.ts";

const day = 86_400_000;
const publication = publicationMilliseconds(300);

/** Replicas on one store, which can be away; `changes` is what they made, `failures` what they tell of. */
function openReplicas(options: Partial<SigningKeysOptions> = {}) {
  const { stores, sealer, clock, advance } = openTokenService();
  const changes: KeyChange[] = [];
  const failures: unknown[] = [];
  const tenant = newTenantId(randomBytes);
  const open = (more: Partial<SigningKeysOptions> = {}): SigningKeys =>
    createSigningKeys({
      store: stores.signingKeys,
      sealer,
      clock,
      isShared: true,
      onChange: (change) => changes.push(change),
      onError: (error) => failures.push(error),
      ...options,
      ...more,
    });
  return { open, tenant, changes, failures, clock, advance, sealer, store: stores.signingKeys };
}

async function statesOf(tenant: ReturnType<typeof newTenantId>, { rotation }: SigningKeys): Promise<string[]> {
  return (await rotation.list(tenant)).flatMap(({ keys }) => keys.map(({ state }) => state));
}
const kidOf = async (tenant: ReturnType<typeof newTenantId>, { rings }: SigningKeys, algorithm: SigningAlgorithm = "ES256") =>
  (await rings.signingKey(tenant, algorithm)).jwk.kid;
async function publishedBy(tenant: ReturnType<typeof newTenantId>, { rings }: SigningKeys): Promise<string[]> {
  const { keys }: { keys: { kid: string }[] } = JSON.parse(await rings.jwks(tenant));
  return keys.map(({ kid }) => kid);
}

test("X17: ten replicas that start on an empty store sign with one key", async () => {
  const { open, tenant } = openReplicas();
  const replicas = Array.from({ length: 10 }, () => open());
  const kids = await Promise.all(replicas.map((replica) => kidOf(tenant, replica)));
  expect(new Set(kids).size).toBe(1);
  for (const replica of replicas) expect(await publishedBy(tenant, replica)).toEqual([kids[0]]);
});

test("X17: of ten replicas that rotate at once one publishes a key, and all go over to it at one moment", async () => {
  const { open, tenant, changes, advance } = openReplicas();
  const replicas = Array.from({ length: 10 }, () => open());
  const [first = open()] = replicas;
  const before = await kidOf(tenant, first);
  await Promise.all(replicas.map(({ rotation }) => rotation.rotate(tenant, { algorithm: undefined })));
  expect(changes).toEqual([{ tenantId: tenant, algorithm: "ES256", reason: "requested", kid: expect.any(String) }]);
  const next = changes[0]?.kid;
  for (const replica of replicas) expect(await publishedBy(tenant, replica)).toEqual([before, next]);
  advance(publication - 1);
  for (const replica of replicas) expect(await kidOf(tenant, replica)).toBe(before);
  advance(1);
  for (const replica of replicas) expect(await kidOf(tenant, replica)).toBe(next);
});

test("the first key of a tenant's algorithm signs at once", async () => {
  const { open, tenant } = openReplicas();
  const replica = open();
  await kidOf(tenant, replica, "EdDSA");
  expect(await statesOf(tenant, replica)).toEqual(["current"]);
});

test("a rotation of one algorithm leaves the others alone", async () => {
  const { open, tenant, changes } = openReplicas();
  const replica = open();
  for (const algorithm of ["ES256", "EdDSA"] as const) await kidOf(tenant, replica, algorithm);
  await replica.rotation.rotate(tenant, { algorithm: "EdDSA" });
  expect(changes.map(({ algorithm }) => algorithm)).toEqual(["EdDSA"]);
});

test("a rotation of an algorithm that the tenant has no key for publishes its first, one for all replicas, and it signs when it is needed", async () => {
  const { open, tenant } = openReplicas();
  const replicas = [open(), open(), open()];
  await Promise.all(replicas.map(({ rotation }) => rotation.rotate(tenant, { algorithm: "EdDSA" })));
  const [first, ...others] = await publishedBy(tenant, replicas[0] ?? open());
  for (const replica of replicas) {
    expect(await publishedBy(tenant, replica)).toEqual([first, ...others]);
    expect(await kidOf(tenant, replica, "EdDSA")).toBe(first);
  }
});

test("a retired key is published, and verifies, for a day and ten minutes after it has signed for the last time", async () => {
  const { open, tenant, advance, store } = openReplicas();
  const replica = open();
  const key = await replica.rings.signingKey(tenant, "ES256");
  const isAccepted = async () => (await replica.rings.verificationKey(tenant, key.headers["at+jwt"], "at+jwt")) !== undefined;
  await replica.rotation.rotate(tenant, { algorithm: undefined });
  advance(publication + day + 600_000 - 1);
  expect(await publishedBy(tenant, replica)).toContain(key.jwk.kid);
  expect(await isAccepted()).toBe(true);
  advance(1);
  expect(await publishedBy(tenant, replica)).not.toContain(key.jwk.kid);
  expect(await isAccepted()).toBe(false);
  const ringOf = async () => (await store.list(tenant))[0]?.keys.map(({ id }) => id);
  expect(await ringOf()).toContain(key.jwk.kid);
  await replica.maintainAll();
  expect(await ringOf()).not.toContain(key.jwk.kid);
});

test("in an emergency the key that signs is published no longer, what it signed is refused, and another signs at once", async () => {
  const { open, tenant, changes } = openReplicas();
  const replica = open();
  const key = await replica.rings.signingKey(tenant, "ES256");
  await replica.rotation.revoke(tenant, { algorithm: undefined });
  expect(changes).toEqual([{ tenantId: tenant, algorithm: "ES256", reason: "emergency", kid: key.jwk.kid }]);
  const successor = await kidOf(tenant, replica);
  expect(successor).not.toBe(key.jwk.kid);
  expect(await publishedBy(tenant, replica)).toEqual([successor]);
  expect(await replica.rings.verificationKey(tenant, key.headers["at+jwt"], "at+jwt")).toBeUndefined();
});

test("in an emergency the key that stands ready signs at once", async () => {
  const { open, tenant, changes } = openReplicas();
  const replica = open();
  await kidOf(tenant, replica);
  await replica.rotation.rotate(tenant, { algorithm: undefined });
  await replica.rotation.revoke(tenant, { algorithm: undefined });
  expect(await kidOf(tenant, replica)).toBe(changes[0]?.kid);
  expect(await statesOf(tenant, replica)).toEqual(["current"]);
});

test("of ten replicas that are told of one emergency at once one revokes the key, and no successor is revoked with it", async () => {
  const { open, tenant, changes } = openReplicas();
  const replicas = Array.from({ length: 10 }, () => open());
  const [first = open()] = replicas;
  const kid = await kidOf(tenant, first);
  await Promise.all(replicas.map(({ rotation }) => rotation.revoke(tenant, { algorithm: undefined, kid })));
  expect(changes).toHaveLength(1);
  const kids = await Promise.all(replicas.map((replica) => kidOf(tenant, replica)));
  expect(new Set(kids).size).toBe(1);
  expect(kids).not.toContain(kid);
});

test("a key is revoked by its kid whatever its state, and of one that is not there nothing comes", async () => {
  const { open, tenant, changes, advance } = openReplicas();
  const replica = open();
  const retired = await kidOf(tenant, replica);
  await replica.rotation.rotate(tenant, { algorithm: undefined });
  advance(publication);
  const current = changes[0]?.kid;
  await replica.rotation.revoke(tenant, { algorithm: undefined, kid: retired });
  expect(await publishedBy(tenant, replica)).toEqual([current]);
  await expect(replica.rotation.revoke(tenant, { algorithm: undefined, kid: retired })).rejects.toMatchObject({
    kind: "not_found",
  });
  await expect(replica.rotation.revoke(tenant, { algorithm: "EdDSA", kid: current })).rejects.toMatchObject({
    kind: "not_found",
  });
});

test("another replica signs and verifies with what it has until it hears of an emergency, and no longer", async () => {
  const { open, tenant } = openReplicas();
  const [one, other] = [open(), open()];
  const key = await other.rings.signingKey(tenant, "ES256");
  await other.rings.followChanges();
  await one.rotation.revoke(tenant, { algorithm: undefined });
  expect(await publishedBy(tenant, other)).not.toContain(key.jwk.kid);
  await other.rings.followChanges();
  expect(await kidOf(tenant, other)).toBe(await kidOf(tenant, one));
  expect(await other.rings.verificationKey(tenant, key.headers.JWT, "JWT")).toBeUndefined();
});

test.each([-300_000, 300_000])(
  "X18: a replica whose clock is %i ms from the others' hears of what they change",
  async (difference) => {
    const { open, tenant, clock } = openReplicas();
    const astray = open({ clock: () => later(clock(), difference) });
    const one = open();
    await kidOf(tenant, astray);
    await astray.rings.followChanges();
    await one.rotation.revoke(tenant, { algorithm: undefined });
    await astray.rings.followChanges();
    expect(await kidOf(tenant, astray)).toBe(await kidOf(tenant, one));
  },
);

test("what has changed is heard of page by page, and known changes lead to no further read", async () => {
  const { open, store, clock, tenant } = openReplicas();
  let reads = 0;
  const counted: SigningKeyStore = {
    ...store,
    list(id) {
      reads++;
      return store.list(id);
    },
  };
  const replica = open({ store: counted });
  await kidOf(tenant, replica);
  for (let index = 0; index < 600; index++) {
    const ring = (await store.list(tenant))[0];
    if (ring === undefined) throw new Error("a key was made");
    await store.establish({ ...ring, tenantId: newTenantId(randomBytes), changedAt: later(clock(), index) });
  }
  const before = reads;
  await replica.rings.followChanges();
  await kidOf(tenant, replica);
  expect(reads).toBe(before);
});

test("without news of changes, keys that were read a minute ago are read again, and where the store is away nothing is signed", async () => {
  const { tenant, store, sealer, clock } = openReplicas();
  let isAway = false;
  const away = async (): Promise<never> => {
    throw new Error("the store is away");
  };
  let elapsed = 0;
  const rings = createKeyRings({
    store: { ...store, list: (id) => (isAway ? away() : store.list(id)) },
    sealer,
    clock,
    isShared: true,
    elapsed: () => elapsed,
  });
  await rings.signingKey(tenant, "ES256");
  isAway = true;
  elapsed = 60_000;
  expect(await rings.signingKey(tenant, "ES256")).toHaveProperty("jwk");
  elapsed += 1;
  await expect(rings.signingKey(tenant, "ES256")).rejects.toThrow("the store is away");
  isAway = false;
  expect(await rings.signingKey(tenant, "ES256")).toHaveProperty("jwk");
});

test("by plan every tenant's keys are replaced once they have signed for the period, each by one of several replicas", async () => {
  const { open, changes, advance } = openReplicas({ rotationDays: 90 });
  const [one, other] = [open(), open()];
  const tenants = Array.from({ length: 60 }, () => newTenantId(randomBytes));
  for (const tenant of tenants) await kidOf(tenant, one);
  advance(80 * day);
  await one.maintainAll();
  expect(changes).toEqual([]);
  advance(10 * day);
  await Promise.all([one.maintainAll(), other.maintainAll()]);
  await one.maintainAll();
  expect(changes.map(({ tenantId }) => tenantId).sort()).toEqual([...tenants].sort());
  expect(new Set(changes.map(({ reason }) => reason))).toEqual(new Set(["scheduled"]));
});

test("where no period is set, nothing is replaced by plan", async () => {
  const { open, tenant, changes, advance } = openReplicas();
  const replica = open();
  await kidOf(tenant, replica);
  advance(10_000 * day);
  await replica.maintainAll();
  expect(changes).toEqual([]);
});

test("a tenant whose keys cannot be made stops no other's rotation; a store that is away stops the pass", async () => {
  const { open, changes, failures, advance, store } = openReplicas({ rotationDays: 1 });
  const tenants = Array.from({ length: 3 }, () => newTenantId(randomBytes));
  for (const tenant of tenants) await kidOf(tenant, open());
  const all = (await store.listAll({ limit: 10 })).items.toSorted((one, another) =>
    keyRingKey(one) < keyRingKey(another) ? -1 : 1,
  );
  const broken = all[1]?.tenantId;
  advance(2 * day);
  let error: Error = new Error("no key-encryption key opens it");
  const replica = open({
    store: { ...store, list: (id) => (id === broken ? Promise.reject(error) : store.list(id)) },
  });
  await replica.maintainAll();
  expect(changes.map(({ tenantId }) => tenantId)).toEqual([all[0]?.tenantId, all[2]?.tenantId]);
  expect(failures).toEqual([error]);
  error = new ResourceError("unavailable", "the store is away");
  await expect(replica.maintainAll()).rejects.toBe(error);
});
