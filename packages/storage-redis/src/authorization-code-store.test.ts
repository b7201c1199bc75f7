import { later, parseUserId, type UserId } from "@signet/protocol";
import { testStores } from "@signet/storage/contract";
import { aCode, aTenantId, concurrently, minute, now } from "@signet/storage/contract/fixtures";
import { withRedis } from "@signet/test-servers/vitest";
import { describe, expect, test } from "vitest";
import { direct, keysWith } from "./testing/direct.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

withRedis((redis) => {
  testStores(["codes"], async () => temporaryStores(redis));

  test.each([
    ["unknown", "a minute after its end", 60 * minute],
    ["consumed", "before that", 60 * minute + 5000],
  ])(
    "X18: a code of a replica whose clock is five minutes ahead is %s %s, by the time that has gone by",
    async (kind, _, left) => {
      const prefix = aPrefix();
      const itsNow = later(now, 5 * minute);
      const { codes } = temporaryStores(redis, { prefix, clock: () => itsNow });
      const code = aCode({ expiresAt: later(itsNow, minute) });
      await codes.save(code);
      const administrator = direct(redis);
      const [key = ""] = (await keysWith(administrator, prefix)).filter((name) => name.includes(code.hash));
      // So much is left of the time that Redis keeps it for, once the rest has gone by.
      await administrator.pexpire(key, left);
      expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe(kind);
    },
  );

  describe("whether a code's user may have changed", () => {
    const tenantId = aTenantId();
    const user = aUserIdOf("5a");
    const until = later(now, minute);

    /** Of a code that lives for an hour. */
    async function userMayHaveChanged(
      { codes }: ReturnType<typeof temporaryStores>,
      userId: UserId,
      { at = now, tenant = tenantId } = {},
    ): Promise<boolean> {
      const code = aCode({ tenantId: tenant, userId, expiresAt: later(now, 60 * minute) });
      await codes.save(code);
      const result = await codes.consume(tenant, code.hash, at);
      return result.kind === "consumed" ? result.userMayHaveChanged : expect.unreachable(result.kind);
    }

    test("no: where nothing was noted", async () => {
      expect(await userMayHaveChanged(temporaryStores(redis), user)).toBe(false);
    });

    test("no: where changes of others were noted, and of the same id at another tenant", async () => {
      const stores = temporaryStores(redis);
      await stores.codes.noteUserChange(tenantId, aUserIdOf("5b"), until);
      await stores.codes.noteUserChange(aTenantId(), user, until);
      expect(await userMayHaveChanged(stores, user)).toBe(false);
    });

    test("yes: until a minute after the time that the note was made for, by the clock of whoever consumes", async () => {
      const stores = temporaryStores(redis);
      await stores.codes.noteUserChange(tenantId, user, until);
      expect(await userMayHaveChanged(stores, user, { at: later(until, minute - 1) })).toBe(true);
      expect(await userMayHaveChanged(stores, user, { at: later(until, minute) })).toBe(false);
    });

    test("X19: yes, also by a clock that was set back since", async () => {
      const stores = temporaryStores(redis);
      await stores.codes.noteUserChange(tenantId, user, until);
      expect(await userMayHaveChanged(stores, user, { at: later(now, -60 * minute) })).toBe(true);
    });

    test("yes: noted over one connection, for all parts of the tenant's codes over another", async () => {
      const prefix = aPrefix();
      await temporaryStores(redis, { prefix }).codes.noteUserChange(tenantId, user, until);
      const stores = temporaryStores(redis, { prefix });
      const told = await concurrently(200, () => userMayHaveChanged(stores, user));
      expect(new Set(told)).toStrictEqual(new Set([true]));
    });

    test("yes, too, for the users whose ids begin as that of one who changed", async () => {
      const stores = temporaryStores(redis);
      await stores.codes.noteUserChange(tenantId, user, until);
      expect(await userMayHaveChanged(stores, aUserIdOf("5a0"))).toBe(true);
    });

    test("however many users change, a tenant has 16 keys of 256 notes, and they end", async () => {
      const prefix = aPrefix();
      const { codes } = temporaryStores(redis, { prefix, clock: () => now });
      const digits = [..."0123456789abcdef"];
      const groups = digits.flatMap((first) => digits.map((second) => `${first}${second}`));
      for (const third of ["0", "1"]) {
        for (const group of groups) await codes.noteUserChange(tenantId, aUserIdOf(`${group}${third}`), until);
      }
      const administrator = direct(redis);
      const keys = await keysWith(administrator, prefix);
      expect(keys).toHaveLength(16);
      for (const key of keys) {
        expect(await administrator.hlen(key)).toBe(256);
        // As long as the codes that they may be about.
        const kept = await administrator.pttl(key);
        expect(kept).toBeGreaterThan(62 * minute);
        expect(kept).toBeLessThanOrEqual(63 * minute);
      }
    });
  });
});

/** A user's id that begins with these digits. */
function aUserIdOf(digits: string): UserId {
  return parseUserId(digits.padEnd(32, "7")) ?? expect.unreachable();
}
