import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import {
  type AuthorizationCodeStore,
  type ConsumedCode,
  replayMemoryMilliseconds,
  type StoredCode,
} from "../authorization-code-store.ts";
import { aBoundCode, aCode, aHash, aTenantId, aUserId, concurrently, minute, now, tally } from "./fixtures/index.ts";

/** What every `AuthorizationCodeStore` promises. `open` gives an empty one. */
export function authorizationCodeStoreContract(open: () => Promise<AuthorizationCodeStore>): void {
  test("a consumed code comes with all that it was bound to", async () => {
    const codes = await open();
    for (const code of [aCode(), aBoundCode()]) {
      await codes.save(code);
      const consumed = { kind: "consumed", code, userMayHaveChanged: expect.any(Boolean) };
      expect(await codes.consume(code.tenantId, code.hash, now)).toStrictEqual(consumed);
    }
  });

  test("C1: of 100 concurrent calls exactly one consumes the code, the others are told of a replay", async () => {
    const codes = await open();
    const code = aBoundCode();
    await codes.save(code);
    const results = await concurrently(100, () => codes.consume(code.tenantId, code.hash, now));
    expect(tally(results.map((result) => result.kind))).toStrictEqual({ consumed: 1, replayed: 99 });
    for (const result of results) {
      if (result.kind === "replayed") expect(result).toStrictEqual({ kind: "replayed", code, consumedAt: now });
    }
  });

  test("C2: a replay is known for one, with the time of the first use, for as long as promised", async () => {
    const codes = await open();
    const code = aCode();
    const consumedAt = later(now, 1000);
    await codes.save(code);
    await codes.consume(code.tenantId, code.hash, consumedAt);
    for (const milliseconds of [1, 2000, minute, replayMemoryMilliseconds - 1]) {
      const replay = await codes.consume(code.tenantId, code.hash, later(consumedAt, milliseconds));
      expect(replay).toStrictEqual({ kind: "replayed", code, consumedAt });
    }
  });

  test("C5: a code is good until it expires, to the millisecond", async () => {
    const codes = await open();
    const expiresAt = later(now, minute);
    const [inTime, late] = [aCode({ expiresAt }), aCode({ expiresAt })];
    await codes.save(inTime);
    await codes.save(late);
    expect((await codes.consume(inTime.tenantId, inTime.hash, later(now, minute - 1))).kind).toBe("consumed");
    expect(await codes.consume(late.tenantId, late.hash, expiresAt)).toStrictEqual({ kind: "unknown" });
  });

  test("C2: a code that was consumed in the last moment of its life is known afterwards", async () => {
    const codes = await open();
    const code = aCode({ expiresAt: later(now, minute) });
    const consumedAt = later(now, minute - 1);
    await codes.save(code);
    await codes.consume(code.tenantId, code.hash, consumedAt);
    const late = later(consumedAt, replayMemoryMilliseconds - 1);
    expect(await codes.consume(code.tenantId, code.hash, late)).toStrictEqual({ kind: "replayed", code, consumedAt });
  });

  test("C4: another tenant does not know the code, and does not consume it", async () => {
    const codes = await open();
    const code = aCode();
    await codes.save(code);
    expect(await codes.consume(aTenantId(), code.hash, now)).toStrictEqual({ kind: "unknown" });
    expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe("consumed");
    expect(await codes.consume(aTenantId(), code.hash, now)).toStrictEqual({ kind: "unknown" });
  });

  test("C6: a hash that was never saved is unknown, however often it comes", async () => {
    const codes = await open();
    const [code, hash] = [aCode(), aHash()];
    await codes.save(code);
    expect(await codes.consume(code.tenantId, hash, now)).toStrictEqual({ kind: "unknown" });
    expect(await codes.consume(code.tenantId, hash, now)).toStrictEqual({ kind: "unknown" });
  });

  test("codes of a user whose change was noted are told of until the time given, saved before as well as afterwards", async () => {
    const codes = await open();
    const { tenantId, userId } = aCode();
    const saveSome = async () => {
      const saved = Array.from({ length: 40 }, () => aCode({ tenantId, userId }));
      await Promise.all(saved.map((code) => codes.save(code)));
      return saved;
    };
    const before = await saveSome();
    await codes.noteUserChange(tenantId, userId, later(now, minute));
    const saved = [...before, ...(await saveSome())];
    const results = await concurrently(saved.length, (index) =>
      codes.consume(tenantId, saved[index]?.hash ?? aHash(), later(now, index % 2 === 0 ? 0 : minute - 1)),
    );
    expect(tally(results.map(noticeOf))).toStrictEqual({ "may have changed": 80 });
  });

  test("a note is not shortened by a later one, nor by one about another user", async () => {
    const codes = await open();
    const code = aCode();
    await codes.save(code);
    await codes.noteUserChange(code.tenantId, code.userId, later(now, 3 * minute));
    await codes.noteUserChange(code.tenantId, code.userId, later(now, minute));
    await codes.noteUserChange(code.tenantId, aUserId(), now);
    expect(noticeOf(await codes.consume(code.tenantId, code.hash, later(now, 3 * minute - 1)))).toBe("may have changed");
  });

  test("of 100 codes that are redeemed while a change is noted, each whose redemption begins afterwards is told of", async () => {
    const codes = await open();
    const { tenantId, userId } = aCode();
    const saved = Array.from({ length: 100 }, () => aCode({ tenantId, userId }));
    await Promise.all(saved.map((code) => codes.save(code)));
    const consume = (some: readonly StoredCode[]) => concurrently(some.length, (index) => consumeOne(some[index]));
    const consumeOne = (code: StoredCode | undefined) => codes.consume(tenantId, code?.hash ?? aHash(), now);
    const meanwhile = consume(saved.slice(0, 50));
    await codes.noteUserChange(tenantId, userId, later(now, minute));
    const afterwards = await consume(saved.slice(50));
    expect(tally(afterwards.map(noticeOf))).toStrictEqual({ "may have changed": 50 });
    expect(tally((await meanwhile).map(({ kind }) => kind))).toStrictEqual({ consumed: 50 });
  });

  test("a replay is a replay, also of a user whose change was noted; what is unknown stays unknown", async () => {
    const codes = await open();
    const code = aCode();
    await codes.save(code);
    await codes.consume(code.tenantId, code.hash, now);
    await codes.noteUserChange(code.tenantId, code.userId, later(now, minute));
    const replay = await codes.consume(code.tenantId, code.hash, now);
    expect(replay).toStrictEqual({ kind: "replayed", code, consumedAt: now });
    expect(await codes.consume(code.tenantId, aHash(), now)).toStrictEqual({ kind: "unknown" });
  });

  test("the deletion of a tenant deletes its codes and no others", async () => {
    const codes = await open();
    const tenantId = aTenantId();
    const [fresh, consumed, other] = [aCode({ tenantId }), aCode({ tenantId }), aCode()];
    for (const code of [fresh, consumed, other]) await codes.save(code);
    await codes.consume(tenantId, consumed.hash, now);
    await codes.deleteTenant(tenantId);
    expect(await codes.consume(tenantId, fresh.hash, now)).toStrictEqual({ kind: "unknown" });
    expect(await codes.consume(tenantId, consumed.hash, now)).toStrictEqual({ kind: "unknown" });
    expect((await codes.consume(other.tenantId, other.hash, now)).kind).toBe("consumed");
  });
}

/** What is said of the user of a code that was consumed. */
function noticeOf(result: ConsumedCode): string {
  if (result.kind !== "consumed") return result.kind;
  return result.userMayHaveChanged ? "may have changed" : "has not changed";
}
