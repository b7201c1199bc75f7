import { later, type SecretHash } from "@signet/protocol";
import { expect, test } from "vitest";
import type { GrantStore, Rotation, StoredGrant } from "../grant-store.ts";
import { aClientId, aGrant, aGrantId, aHash, aRefreshableGrant, aRotation, aTenantId, minute, now } from "./fixtures/index.ts";

/** What every `GrantStore` promises of its refresh tokens. `open` gives an empty one. */
export function rotationContract(open: () => Promise<GrantStore>): void {
  /** A grant that has just been opened with the refresh token behind `first`. */
  async function opened(members: Partial<StoredGrant> = {}) {
    const grants = await open();
    const first = aHash();
    const grant = aRefreshableGrant(first, members);
    await grants.open(grant);
    return { grants, grant, first };
  }

  test("the live refresh token gives way to the next one", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first);
    const rotated = { ...grant, expiresAt: rotation.grantExpiresAt, refresh: familyAfter(rotation) };
    expect(await grants.rotate(rotation)).toStrictEqual({ kind: "rotated" });
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(rotated);
  });

  test("a rotation moves the end of the grant on, never back", async () => {
    const { grants, grant, first } = await opened({ expiresAt: later(now, 60 * minute) });
    const rotation = aRotation(grant, first, { grantExpiresAt: later(now, 30 * minute) });
    await grants.rotate(rotation);
    expect((await grants.find(grant.tenantId, grant.id, now))?.expiresAt).toBe(later(now, 60 * minute));
    await grants.rotate(aRotation(grant, rotation.next, { grantExpiresAt: later(now, 90 * minute) }));
    expect((await grants.find(grant.tenantId, grant.id, now))?.expiresAt).toBe(later(now, 90 * minute));
  });

  test("each successor can be rotated in its turn", async () => {
    const { grants, grant, first } = await opened();
    let live: SecretHash = first;
    for (let round = 0; round < 5; round++) {
      const rotation = aRotation(grant, live);
      expect(await grants.rotate(rotation)).toStrictEqual({ kind: "rotated" });
      expect((await grants.find(grant.tenantId, grant.id, now))?.refresh).toStrictEqual(familyAfter(rotation));
      live = rotation.next;
    }
  });

  test("F1: of 100 concurrent calls exactly one rotates, the others get the same successor", async () => {
    const { grants, grant, first } = await opened();
    const rotations = Array.from({ length: 100 }, () => aRotation(grant, first));
    const results = await Promise.all(rotations.map((rotation) => grants.rotate(rotation)));
    const winner = rotations[results.findIndex((result) => result.kind === "rotated")];
    if (winner === undefined) throw new Error("no call rotated the token");
    const successors = results.flatMap((result) => (result.kind === "retried" ? [result.successor] : []));
    expect(successors).toStrictEqual(Array.from({ length: 99 }, () => winner.successor));
    expect((await grants.find(grant.tenantId, grant.id, now))?.refresh).toStrictEqual(familyAfter(winner));
  });

  test("X2: a retry within the grace window gets the same successor and changes nothing", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first);
    await grants.rotate(rotation);
    const retry = aRotation(grant, first, { now: later(now, 9_999) });
    const after = { ...grant, expiresAt: rotation.grantExpiresAt, refresh: familyAfter(rotation) };
    expect(await grants.rotate(retry)).toStrictEqual({ kind: "retried", successor: rotation.successor });
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(after);
    expect((await grants.rotate(aRotation(grant, rotation.next, { now: later(now, 9_999) }))).kind).toBe("rotated");
  });

  test("F2: a token that comes again once the grace window has passed revokes the grant", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first);
    await grants.rotate(rotation);
    const late = later(now, 10_000);
    expect(await grants.rotate(aRotation(grant, first, { now: late }))).toStrictEqual({ kind: "reused" });
    await expectRevoked(grants, grant, rotation.next);
  });

  test("X19: a clock that was set back does not open the grace window again", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first);
    await grants.rotate(rotation);
    expect((await grants.rotate(aRotation(grant, first, { now: later(now, -9_999) }))).kind).toBe("retried");
    expect(await grants.rotate(aRotation(grant, first, { now: later(now, -60 * minute) }))).toStrictEqual({ kind: "reused" });
    await expectRevoked(grants, grant, rotation.next);
  });

  test("F2: a token older than the one before the live one revokes the grant at once", async () => {
    const { grants, grant, first } = await opened();
    const second = aRotation(grant, first);
    const third = aRotation(grant, second.next);
    await grants.rotate(second);
    await grants.rotate(third);
    expect(await grants.rotate(aRotation(grant, first))).toStrictEqual({ kind: "reused" });
    await expectRevoked(grants, grant, third.next);
  });

  test("a token that is not of the grant's family is unknown, and the grant stays as it is", async () => {
    const { grants, grant, first } = await opened();
    expect(await grants.rotate(aRotation(grant, aHash(), { family: aHash() }))).toStrictEqual({ kind: "unknown" });
    expect((await grants.rotate(aRotation(grant, first))).kind).toBe("rotated");
  });

  test("without a grace window a second use revokes the grant", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first, { graceMilliseconds: 0 });
    await grants.rotate(rotation);
    expect(await grants.rotate(aRotation(grant, first, { graceMilliseconds: 0 }))).toStrictEqual({ kind: "reused" });
    await expectRevoked(grants, grant, rotation.next);
  });

  test("of 100 concurrent late reuses none rotates, and the grant is revoked", async () => {
    const { grants, grant, first } = await opened();
    const rotation = aRotation(grant, first);
    await grants.rotate(rotation);
    const late = Array.from({ length: 100 }, () => aRotation(grant, first, { now: later(now, minute) }));
    const results = await Promise.all(late.map((reuse) => grants.rotate(reuse)));
    expect(results).toContainEqual({ kind: "reused" });
    expect(results.filter(({ kind }) => kind === "rotated" || kind === "retried")).toStrictEqual([]);
    await expectRevoked(grants, grant, rotation.next);
  });

  test.each<[string, Partial<Rotation>]>([
    ["another client's", { clientId: aClientId() }],
    ["another tenant's", { tenantId: aTenantId() }],
    ["one that does not exist", { grantId: aGrantId() }],
  ])("F4: a grant that is %s is unknown, and stays as it is", async (_, other) => {
    const { grants, grant, first } = await opened();
    expect(await grants.rotate(aRotation(grant, first, other))).toStrictEqual({ kind: "unknown" });
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
    const rotation = aRotation(grant, first);
    expect((await grants.rotate(rotation)).kind).toBe("rotated");
    // A used token in the wrong hands neither yields the successor nor revokes the grant.
    for (const at of [now, later(now, minute)]) {
      expect(await grants.rotate(aRotation(grant, first, { ...other, now: at }))).toStrictEqual({ kind: "unknown" });
    }
    expect((await grants.rotate(aRotation(grant, rotation.next))).kind).toBe("rotated");
  });

  test("a refresh token is good until it expires, to the millisecond", async () => {
    const refreshed = { expiresAt: later(now, minute) };
    const inTime = await opened();
    const rotation = aRotation(inTime.grant, inTime.first, refreshed);
    await inTime.grants.rotate(rotation);
    const last = aRotation(inTime.grant, rotation.next, { now: later(now, minute - 1) });
    expect((await inTime.grants.rotate(last)).kind).toBe("rotated");

    const late = await opened();
    const expired = aRotation(late.grant, late.first, refreshed);
    await late.grants.rotate(expired);
    const tooLate = aRotation(late.grant, expired.next, { now: later(now, minute) });
    expect(await late.grants.rotate(tooLate)).toStrictEqual({ kind: "unknown" });
  });

  test("F2: an expired refresh token that was used before is unknown like any other, also within the grace window", async () => {
    const { grants, grant, first } = await opened();
    await grants.rotate(aRotation(grant, first, { expiresAt: later(now, 1000) }));
    expect(await grants.rotate(aRotation(grant, first, { now: later(now, 1000) }))).toStrictEqual({ kind: "unknown" });
  });

  test("a refresh token of an expired grant is unknown", async () => {
    const { grants, grant, first } = await opened({ expiresAt: later(now, minute) });
    expect(await grants.rotate(aRotation(grant, first, { now: later(now, minute) }))).toStrictEqual({ kind: "unknown" });
  });

  test("a refresh token of a revoked grant is unknown", async () => {
    const { grants, grant, first } = await opened();
    await grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    expect(await grants.rotate(aRotation(grant, first))).toStrictEqual({ kind: "unknown" });
  });

  test("a grant without refresh tokens has none to rotate, and stays", async () => {
    const { grants } = await opened();
    const grant = aGrant();
    await grants.open(grant);
    expect(await grants.rotate(aRotation(grant, aHash()))).toStrictEqual({ kind: "unknown" });
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
  });

  test("a revocation amid 100 concurrent rotations holds", async () => {
    const { grants, grant, first } = await opened();
    const rotations = Array.from({ length: 100 }, () => aRotation(grant, first));
    const calls: Promise<unknown>[] = rotations.map((rotation) => grants.rotate(rotation));
    calls.splice(50, 0, grants.revoke(grant.tenantId, grant.id, grant.expiresAt));
    await Promise.all(calls);
    for (const { next } of rotations) {
      expect(await grants.rotate(aRotation(grant, next))).toStrictEqual({ kind: "unknown" });
    }
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });
}

function familyAfter({
  family,
  next,
  expiresAt,
  presented,
  now: rotatedAt,
  successor,
}: Rotation): NonNullable<StoredGrant["refresh"]> {
  return { family, current: next, expiresAt, previous: presented, rotatedAt, successor };
}

async function expectRevoked(grants: GrantStore, grant: StoredGrant, live: SecretHash): Promise<void> {
  expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  expect(await grants.rotate(aRotation(grant, live))).toStrictEqual({ kind: "unknown" });
}
