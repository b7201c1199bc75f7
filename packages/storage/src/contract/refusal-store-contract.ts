import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import { keptRefusals, type RefusalStore, type StoredRefusal } from "../refusal-store.ts";
import { aClientId, aRefusal, aRefusalId, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";

/** What every `RefusalStore` promises. `open` gives an empty one. */
export function refusalStoreContract(open: () => Promise<RefusalStore>): void {
  test("a refusal is found, with all that it was recorded with", async () => {
    const refusals = await open();
    const bare = aRefusal();
    const whole = aRefusal({
      expected: "é",
      sent: "ä \u0000",
      clientId: "59dd29d8574e741c966c73f0",
      otherParameters: 3,
      unkept: 12,
    });
    for (const refusal of [bare, whole]) {
      await refusals.record(refusal);
      expect(await refusals.find(refusal.tenantId, refusal.id, now)).toStrictEqual(refusal);
    }
    expect(await refusals.find(bare.tenantId, aRefusalId(), now)).toBeUndefined();
  });

  test("a refusal ends when it expires, to the millisecond", async () => {
    const refusals = await open();
    const refusal = aRefusal({ expiresAt: later(now, minute) });
    await refusals.record(refusal);
    expect(await refusals.find(refusal.tenantId, refusal.id, later(now, minute - 1))).toStrictEqual(refusal);
    expect(await refusals.find(refusal.tenantId, refusal.id, later(now, minute))).toBeUndefined();
  });

  test("another tenant does not find it", async () => {
    const refusals = await open();
    const refusal = aRefusal();
    await refusals.record(refusal);
    expect(await refusals.find(aTenantId(), refusal.id, now)).toBeUndefined();
  });

  test("of a tenant the latest are kept, however many come, and others' are not touched", async () => {
    const refusals = await open();
    const [tenantId, other] = [aTenantId(), aRefusal()];
    await refusals.record(other);
    const recorded = Array.from({ length: keptRefusals + 20 }, () => aRefusal({ tenantId }));
    for (const refusal of recorded) await refusals.record(refusal);
    const found = await concurrently(recorded.length, (index) => {
      const { id } = recorded[index] ?? aRefusal();
      return refusals.find(tenantId, id, now);
    });
    const isThere = found.map((refusal) => refusal !== undefined);
    expect(isThere.slice(-keptRefusals)).not.toContain(false);
    expect(isThere.slice(0, 10)).not.toContain(true);
    expect(await refusals.find(other.tenantId, other.id, now)).toStrictEqual(other);
  });

  const flooded = keptRefusals + 40;
  const flooding = aClientId();
  const floods: readonly [name: string, own: Partial<StoredRefusal>, flood: (index: number) => Partial<StoredRefusal>][] = [
    ["of one kind leaves those of others", { rule: "redirect_uri: it is registered" }, () => ({ clientId: aClientId() })],
    ["of one client's leaves those of other clients of its kind", { clientId: aClientId() }, () => ({ clientId: flooding })],
    [
      "of five kinds leaves those of a sixth, which are fewer",
      { endpoint: "/oauth2/v1/auth" },
      (index) => ({ error: `error_${index % 5}`, clientId: aClientId() }),
    ],
  ];

  test.each(floods)("a flood %s", async (_name, own, flood) => {
    const refusals = await open();
    const tenantId = aTenantId();
    const before = Array.from({ length: 20 }, () => aRefusal({ tenantId, ...own }));
    const during = Array.from({ length: flooded }, (_, index) => aRefusal({ tenantId, ...flood(index) }));
    for (const refusal of [...before, ...during]) await refusals.record(refusal);
    const isThere = async ({ id }: StoredRefusal) => (await refusals.find(tenantId, id, now)) !== undefined;
    expect(await Promise.all(before.map(isThere))).not.toContain(false);
    expect(await Promise.all(during.slice(-100).map(isThere))).not.toContain(false);
    expect(await Promise.all(during.slice(0, 40).map(isThere))).not.toContain(true);
  });

  test("one that is recorded twice is there once more", async () => {
    const refusals = await open();
    const refusal = aRefusal();
    await refusals.record(refusal);
    await refusals.record({ ...refusal, status: 401 });
    expect(await refusals.find(refusal.tenantId, refusal.id, now)).toMatchObject({ id: refusal.id });
  });

  test("the deletion of a tenant takes its refusals and no others", async () => {
    const refusals = await open();
    const [refusal, other] = [aRefusal(), aRefusal()];
    for (const each of [refusal, other]) await refusals.record(each);
    await refusals.deleteTenant(refusal.tenantId);
    expect(await refusals.find(refusal.tenantId, refusal.id, now)).toBeUndefined();
    expect(await refusals.find(other.tenantId, other.id, now)).toStrictEqual(other);
  });
}
