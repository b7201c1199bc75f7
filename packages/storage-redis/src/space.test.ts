import { type Instant, later } from "@signet/protocol";
import {
  aCode,
  anAccessToken,
  anInteraction,
  aSession,
  aTenantId,
  concurrently,
  minute,
  now,
} from "@signet/storage/contract/fixtures";
import { withRedis } from "@signet/test-servers/vitest";
import { expect, test } from "vitest";
import type { RedisStores } from "./redis-stores.ts";
import { direct, keysWith } from "./testing/direct.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

async function saveOneOfEach({ sessions, interactions, codes, accessTokens }: RedisStores, expiresAt: Instant): Promise<void> {
  const tenantId = aTenantId();
  await sessions.start(aSession({ tenantId, expiresAt }));
  const interaction = anInteraction({ tenantId, expiresAt });
  await interactions.save(interaction);
  await interactions.signedIn(tenantId, interaction.id, aSession().hash, now);
  const code = aCode({ tenantId, expiresAt });
  await codes.save(code);
  await codes.consume(tenantId, code.hash, now);
  await accessTokens.save(anAccessToken({ tenantId, expiresAt }));
}

withRedis((redis) => {
  test("every key has an end, some time after what it holds has expired", async () => {
    const prefix = aPrefix();
    await saveOneOfEach(temporaryStores(redis, { prefix, clock: () => now }), later(now, 10 * minute));
    const administrator = direct(redis);
    const keys = await keysWith(administrator, prefix);
    // A value and an epoch of each, and the list of the user's sessions.
    expect(keys).toHaveLength(9);
    for (const key of keys) {
      const milliseconds = await administrator.pttl(key);
      expect(milliseconds).toBeGreaterThan(10 * minute);
      expect(milliseconds).toBeLessThan(10 * minute + 62 * minute);
    }
  });

  test("what has expired by the clock of whoever saves it ends soon", async () => {
    const prefix = aPrefix();
    await saveOneOfEach(temporaryStores(redis, { prefix, clock: () => later(now, 24 * 60 * minute) }), now);
    const administrator = direct(redis);
    for (const key of await keysWith(administrator, prefix)) {
      expect(await administrator.pttl(key)).toBeLessThanOrEqual(minute + 1);
    }
  });

  test.each([5, -5])(
    "X18: what a replica saves whose clock is %i minutes off goes a minute later than it should, at the latest",
    async (minutes) => {
      const prefix = aPrefix();
      const itsNow = later(now, minutes * minute);
      const { sessions, interactions, accessTokens } = temporaryStores(redis, { prefix, clock: () => itsNow });
      const expiresAt = later(itsNow, minute);
      const [session, interaction, accessToken] = [
        aSession({ expiresAt }),
        anInteraction({ expiresAt }),
        anAccessToken({ expiresAt }),
      ];
      await sessions.start(session);
      await interactions.save(interaction);
      await accessTokens.save(accessToken);
      const administrator = direct(redis);
      const named = [session.hash, interaction.id, accessToken.hash];
      const keys = (await keysWith(administrator, prefix)).filter((key) => named.some((name) => key.includes(name)));
      expect(keys).toHaveLength(named.length);
      for (const key of keys) expect(await administrator.pttl(key)).toBeLessThanOrEqual(2 * minute);
    },
  );

  test("a tenant's epoch and a user's list outlive all that they are for, in whatever order it comes", async () => {
    const prefix = aPrefix();
    const { sessions } = temporaryStores(redis, { prefix, clock: () => now });
    const { tenantId, userId } = aSession();
    for (const minutes of [10, 90, 20]) {
      await sessions.start(aSession({ tenantId, userId, expiresAt: later(now, minutes * minute) }));
    }
    const administrator = direct(redis);
    for (const key of [`${prefix}:session:{${tenantId}}`, `${prefix}:session:{${tenantId}}:user:${userId}`]) {
      expect(await administrator.pttl(key)).toBeGreaterThan(89 * minute);
    }
  });

  test("a user's list loses the sessions that Redis has dropped, and the one that is replaced", async () => {
    const prefix = aPrefix();
    const { sessions } = temporaryStores(redis, { prefix });
    const session = aSession();
    const next = aSession({ tenantId: session.tenantId, userId: session.userId });
    await sessions.start(session);
    const administrator = direct(redis);
    const list = `${prefix}:session:{${session.tenantId}}:user:${session.userId}`;
    await administrator.zadd(list, 1_700_000_000_000, "dropped long ago");
    await sessions.start(next, session.hash);
    expect(await administrator.zrange(list, "0", "-1")).toStrictEqual([next.hash]);
  });

  test("the deletion of a tenant costs the same, however much it has", async () => {
    const prefix = aPrefix();
    const { codes } = temporaryStores(redis, { prefix });
    const tenantId = aTenantId();
    await concurrently(500, () => codes.save(aCode({ tenantId })));
    const administrator = direct(redis);
    const before = (await keysWith(administrator, prefix)).length;
    await codes.deleteTenant(tenantId);
    expect(await keysWith(administrator, prefix)).toHaveLength(before - 16);
  });

  test("the feed remembers about a thousand changes, and no more", async () => {
    const prefix = aPrefix();
    const { changes } = temporaryStores(redis, { prefix });
    const { tenantId, clientId } = aCode();
    await concurrently(3000, () => changes.publish({ kind: "client", tenantId, clientId, deleted: false }));
    const length = await direct(redis).xlen(`${prefix}:{changes}:stream`);
    expect(length).toBeGreaterThanOrEqual(1024);
    expect(length).toBeLessThan(1300);
  });

  test.each(["", "a{b", "a}b", "a b", "a".repeat(65)])("%j is no prefix", (prefix) => {
    expect(() => temporaryStores(redis, { prefix })).toThrow("a prefix of keys must be");
  });
});
