import { rateLimitBucket } from "@signet/protocol";
import { testStores } from "@signet/storage/contract";
import { now } from "@signet/storage/contract/fixtures";
import { withRedis } from "@signet/test-servers/vitest";
import { expect, test } from "vitest";
import { direct, keysWith } from "./testing/direct.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

withRedis((redis) => {
  testStores(["rateLimits"], async () => temporaryStores(redis));

  test("a bucket is kept until nothing of it is used, and a minute for clocks that differ", async () => {
    const prefix = aPrefix();
    const { rateLimits } = temporaryStores(redis, { prefix });
    const bucket = rateLimitBucket("test");
    await rateLimits.take(bucket, { count: 10, windowMilliseconds: 900_000 }, now);
    const administrator = direct(redis);
    expect(await keysWith(administrator, prefix)).toStrictEqual([`${prefix}:rate-limit:${bucket}`]);
    const milliseconds = await administrator.pttl(`${prefix}:rate-limit:${bucket}`);
    expect(milliseconds).toBeGreaterThan(140_000);
    expect(milliseconds).toBeLessThanOrEqual(150_000);
  });
});
