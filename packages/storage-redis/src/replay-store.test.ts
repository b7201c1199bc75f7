import { later } from "@signet/protocol";
import { testStores } from "@signet/storage/contract";
import { aHash, aTenantId, minute, now } from "@signet/storage/contract/fixtures";
import { withRedis } from "@signet/test-servers/vitest";
import { expect, test } from "vitest";
import { direct, keysWith } from "./testing/direct.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

withRedis((redis) => {
  testStores(["replays"], async () => temporaryStores(redis));

  test("X5: a Redis that was emptied tells nobody that something is used for the first time which may have been used before", async () => {
    const prefix = aPrefix();
    const { replays } = temporaryStores(redis, { prefix });
    const tenant = aTenantId();
    const use = { hash: aHash(), usableFrom: now, usableUntil: later(now, 10 * minute) };
    await replays.begin(now);
    expect(await replays.use(tenant, use, now)).toBe("first");
    const administrator = direct(redis);
    await administrator.del(...(await keysWith(administrator, prefix)));
    const afterwards = later(now, minute);
    expect(await replays.use(tenant, use, afterwards)).toBe("forgotten");
    expect(await replays.use(tenant, { ...use, hash: aHash() }, afterwards)).toBe("forgotten");
    expect(await replays.use(tenant, { ...use, hash: aHash(), usableFrom: afterwards }, afterwards)).toBe("first");
  });

  test.each(["a crash that took the last second along", "a replica's promotion before it had heard"])(
    "X4, X8: nor does one that has another run id, as after %s",
    async () => {
      const prefix = aPrefix();
      const { replays } = temporaryStores(redis, { prefix });
      const tenant = aTenantId();
      const use = { hash: aHash(), usableFrom: now, usableUntil: later(now, 10 * minute) };
      await replays.begin(now);
      const administrator = direct(redis);
      const keys = await keysWith(administrator, prefix);
      expect(keys).toEqual([`${prefix}:replay:{memory-of-run}`]);
      expect(await replays.use(tenant, use, now)).toBe("first");
      // As it was on the disk, or at the replica, of which another server makes a run of its own.
      await administrator.del(...(await keysWith(administrator, prefix)).filter((key) => !keys.includes(key)));
      await administrator.hset(keys[0] ?? "", "run", "0".repeat(40));
      const afterwards = later(now, minute);
      expect(await replays.use(tenant, use, afterwards)).toBe("forgotten");
      expect(await replays.use(tenant, { ...use, hash: aHash(), usableFrom: afterwards }, afterwards)).toBe("first");
    },
  );

  test("what was used is kept until it cannot be used any more, and a moment longer", async () => {
    const prefix = aPrefix();
    const { replays } = temporaryStores(redis, { prefix, clock: () => now });
    const use = { hash: aHash(), usableFrom: now, usableUntil: later(now, 10 * minute) };
    await replays.use(aTenantId(), use, now);
    const administrator = direct(redis);
    const [key = ""] = (await keysWith(administrator, prefix)).filter((name) => name.endsWith(use.hash));
    const left = await administrator.pttl(key);
    expect(left).toBeGreaterThan(10 * minute);
    expect(left).toBeLessThanOrEqual(11 * minute);
  });
});
