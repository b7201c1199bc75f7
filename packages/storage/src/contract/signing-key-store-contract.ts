import { later, signingAlgorithms } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { keyRingKey, type SigningKeyStore, type StoredKeyRing } from "../signing-key-store.ts";
import { aKeyRing, aSigningKey, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";
import { pageContract } from "./page-contract.ts";

/** What every `SigningKeyStore` promises. `open` gives an empty one. */
export function signingKeyStoreContract(open: () => Promise<SigningKeyStore>): void {
  test("a tenant has no keys before one is established", async () => {
    const signingKeys = await open();
    await signingKeys.establish(aKeyRing());
    expect(await signingKeys.list(aTenantId())).toStrictEqual([]);
  });

  test("X17: 100 concurrent calls establish one of their candidates, and all get it", async () => {
    const signingKeys = await open();
    const tenantId = aTenantId();
    const candidates = Array.from({ length: 100 }, () => aKeyRing({ tenantId }));
    const established = await Promise.all(candidates.map((candidate) => signingKeys.establish(candidate)));
    const [ring] = established;
    expect(candidates).toContainEqual(ring);
    for (const other of established) expect(other).toStrictEqual(ring);
    expect(await signingKeys.list(tenantId)).toStrictEqual([ring]);
  });

  test("an established ring stays", async () => {
    const signingKeys = await open();
    const ring = aKeyRing();
    expect(await signingKeys.establish(ring)).toStrictEqual(ring);
    expect(await signingKeys.establish(aKeyRing({ tenantId: ring.tenantId }))).toStrictEqual(ring);
    expect(await signingKeys.list(ring.tenantId)).toStrictEqual([ring]);
  });

  test("each algorithm has a ring of its own; the list is in their order", async () => {
    const signingKeys = await open();
    const tenantId = aTenantId();
    const rings = signingAlgorithms.map((algorithm) => aKeyRing({ tenantId, algorithm }));
    for (const ring of rings) expect(await signingKeys.establish(ring)).toStrictEqual(ring);
    expect(await signingKeys.list(tenantId)).toStrictEqual(rings.toSorted(byKey));
  });

  test("T4: no tenant gets another tenant's keys", async () => {
    const signingKeys = await open();
    const [ring, other] = [aKeyRing(), aKeyRing()];
    expect(await signingKeys.establish(ring)).toStrictEqual(ring);
    expect(await signingKeys.establish(other)).toStrictEqual(other);
    expect(await signingKeys.list(ring.tenantId)).toStrictEqual([ring]);
  });

  describe("replace", () => {
    test("puts a ring in the place of the version before it, and of no other", async () => {
      const signingKeys = await open();
      const [first, other] = [aKeyRing(), aKeyRing()];
      await signingKeys.establish(first);
      await signingKeys.establish(other);
      const second = withAnotherKey(first);
      expect(await signingKeys.replace(second)).toBe(true);
      expect(await signingKeys.replace(withAnotherKey(first))).toBe(false);
      expect(await signingKeys.replace({ ...second, version: 4 })).toBe(false);
      expect(await signingKeys.list(first.tenantId)).toStrictEqual([second]);
      expect(await signingKeys.list(other.tenantId)).toStrictEqual([other]);
      expect(await signingKeys.establish(first)).toStrictEqual(second);
    });

    test("X17: of 100 concurrent replacements of one version exactly one succeeds", async () => {
      const signingKeys = await open();
      const ring = aKeyRing();
      await signingKeys.establish(ring);
      const replacements = Array.from({ length: 100 }, () => withAnotherKey(ring));
      const results = await Promise.all(replacements.map((replacement) => signingKeys.replace(replacement)));
      expect(results.filter((isReplaced) => isReplaced)).toHaveLength(1);
      expect(await signingKeys.list(ring.tenantId)).toStrictEqual([replacements[results.indexOf(true)]]);
    });

    test("does not bring back what was deleted", async () => {
      const signingKeys = await open();
      const ring = aKeyRing();
      await signingKeys.establish(ring);
      await signingKeys.deleteTenant(ring.tenantId);
      expect(await signingKeys.replace(withAnotherKey(ring))).toBe(false);
      expect(await signingKeys.list(ring.tenantId)).toStrictEqual([]);
    });
  });

  describe("listAll", () => {
    pageContract<StoredKeyRing>(async () => {
      const signingKeys = await open();
      return {
        add: (count) => concurrently(count, () => signingKeys.establish(aKeyRing())),
        remove: ({ tenantId }) => signingKeys.deleteTenant(tenantId),
        list: (page) => signingKeys.listAll(page),
        key: keyRingKey,
      };
    });

    test("goes on between the algorithms of one tenant", async () => {
      const signingKeys = await open();
      const tenantId = aTenantId();
      const rings = signingAlgorithms.map((algorithm) => aKeyRing({ tenantId, algorithm })).toSorted(byKey);
      for (const ring of rings) await signingKeys.establish(ring);
      const { items, nextCursor = "" } = await signingKeys.listAll({ limit: 3 });
      expect([...items, ...(await signingKeys.listAll({ limit: 3, cursor: nextCursor })).items]).toStrictEqual(rings);
    });
  });

  test("listChanged tells of what changed after a moment, first what changed first, and without the keys", async () => {
    const signingKeys = await open();
    const at = (index: number) => later(now, index * minute);
    const rings = [2, 0, 1].map((index) => aKeyRing({ changedAt: at(index) }));
    for (const ring of rings) await signingKeys.establish(ring);
    const changed = { ...withAnotherKey(aKeyRing()), changedAt: at(3) };
    await signingKeys.establish({ ...changed, version: 1, changedAt: at(-1) });
    await signingKeys.replace(changed);
    const [third, , second] = rings;
    const inOrder = [second, third, changed].map((ring) => {
      if (ring === undefined) throw new Error("three rings were made");
      const { keys: _keys, ...change } = ring;
      return change;
    });
    expect(await signingKeys.listChanged(at(0), 10)).toStrictEqual(inOrder);
    expect(await signingKeys.listChanged(at(0), 2)).toStrictEqual(inOrder.slice(0, 2));
    expect(await signingKeys.listChanged(at(3), 10)).toStrictEqual([]);
  });

  test("the deletion of a tenant deletes its keys and no others", async () => {
    const signingKeys = await open();
    const [ring, other] = [aKeyRing(), aKeyRing()];
    await signingKeys.establish(ring);
    await signingKeys.establish(other);
    await signingKeys.deleteTenant(ring.tenantId);
    expect(await signingKeys.list(ring.tenantId)).toStrictEqual([]);
    expect(await signingKeys.list(other.tenantId)).toStrictEqual([other]);
  });
}

function withAnotherKey(ring: StoredKeyRing): StoredKeyRing {
  const next = aSigningKey({ activatesAt: later(now, 10 * minute) });
  return { ...ring, keys: [...ring.keys, next], version: ring.version + 1, changedAt: later(now, minute) };
}

function byKey(one: StoredKeyRing, other: StoredKeyRing): number {
  return keyRingKey(one) < keyRingKey(other) ? -1 : 1;
}
