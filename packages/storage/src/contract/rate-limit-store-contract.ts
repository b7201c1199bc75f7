import { randomUUID } from "node:crypto";
import { later, type RateLimitBucket, type RateLimitTaken, rateLimitBucket } from "@signet/protocol";
import { expect, test } from "vitest";
import type { RateLimitStore } from "../rate-limit-store.ts";
import { concurrently, minute, now } from "./fixtures/index.ts";

const limit = { count: 10, windowMilliseconds: 15 * minute };
const aBucket = (): RateLimitBucket => rateLimitBucket("test", randomUUID());
const isTaken = ({ kind }: RateLimitTaken) => kind === "taken";

/** What every `RateLimitStore` promises. `open` gives an empty one. */
export function rateLimitStoreContract(open: () => Promise<RateLimitStore>): void {
  test("K3: of 100 concurrent takes exactly as many succeed as the limit counts", async () => {
    const limits = await open();
    const bucket = aBucket();
    const taken = await concurrently(100, () => limits.take(bucket, limit, now));
    expect(taken.filter(isTaken)).toHaveLength(limit.count);
  });

  test("a refusal says when there is room again, and there is then", async () => {
    const limits = await open();
    const bucket = aBucket();
    for (let step = 0; step < limit.count; step++) await limits.take(bucket, limit, now);
    const refused = { kind: "refused", retryAfterMilliseconds: 1.5 * minute };
    expect(await limits.take(bucket, limit, now)).toStrictEqual(refused);
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute - 10))).toMatchObject({ kind: "refused" });
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute))).toStrictEqual({ kind: "taken" });
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute))).toStrictEqual(refused);
  });

  test("a window later everything can be taken again", async () => {
    const limits = await open();
    const bucket = aBucket();
    await concurrently(20, () => limits.take(bucket, limit, now));
    const taken = await concurrently(20, () => limits.take(bucket, limit, later(now, limit.windowMilliseconds)));
    expect(taken.filter(isTaken)).toHaveLength(limit.count);
  });

  test("a take may cost more than one, and takes nothing where there is not room for all of it", async () => {
    const limits = await open();
    const bucket = aBucket();
    expect(await limits.take(bucket, limit, now, 7)).toStrictEqual({ kind: "taken" });
    expect(await limits.take(bucket, limit, now, 4)).toMatchObject({ kind: "refused" });
    expect(await limits.take(bucket, limit, now, 3)).toStrictEqual({ kind: "taken" });
  });

  test("what is given back can be taken once more", async () => {
    const limits = await open();
    const bucket = aBucket();
    await concurrently(10, () => limits.take(bucket, limit, now));
    await limits.giveBack(bucket, limit, now);
    expect(await limits.take(bucket, limit, now)).toStrictEqual({ kind: "taken" });
    expect(await limits.take(bucket, limit, now)).toMatchObject({ kind: "refused" });
  });

  test("of what nobody took nothing can be given back", async () => {
    const limits = await open();
    const bucket = aBucket();
    await limits.giveBack(bucket, limit, now);
    const taken = await concurrently(20, () => limits.take(bucket, limit, now));
    expect(taken.filter(isTaken)).toHaveLength(limit.count);
  });

  test("a limit that was lowered counts what was used before as its own count at most: it comes back as quickly as anything of it", async () => {
    const limits = await open();
    const bucket = aBucket();
    const generous = { ...limit, count: 1000 };
    await limits.take(bucket, generous, now, 1000);
    const refused = { kind: "refused", retryAfterMilliseconds: 1.5 * minute };
    expect(await limits.take(bucket, limit, now)).toStrictEqual(refused);
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute))).toStrictEqual({ kind: "taken" });
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute))).toStrictEqual(refused);
    await limits.giveBack(bucket, limit, later(now, 1.5 * minute));
    expect(await limits.take(bucket, limit, later(now, 1.5 * minute))).toStrictEqual({ kind: "taken" });
  });

  test("a bucket that is cleared is as new, and others are not touched", async () => {
    const limits = await open();
    const [bucket, other] = [aBucket(), aBucket()];
    for (const each of [bucket, other]) await concurrently(10, () => limits.take(each, limit, now));
    await limits.clear(bucket);
    expect(await limits.take(bucket, limit, now)).toStrictEqual({ kind: "taken" });
    expect(await limits.take(other, limit, now)).toMatchObject({ kind: "refused" });
    await expect(limits.clear(aBucket())).resolves.toBeUndefined();
  });

  test("X19: a clock that was set back keeps nobody out for longer than before", async () => {
    const limits = await open();
    const bucket = aBucket();
    await concurrently(10, () => limits.take(bucket, limit, now));
    const back = later(now, -60 * minute);
    expect(await limits.take(bucket, limit, back)).toMatchObject({ kind: "refused" });
    expect(await limits.take(bucket, limit, later(back, 1.5 * minute))).toStrictEqual({ kind: "taken" });
  });

  test("a clock that is behind by less than a minute gives nothing back", async () => {
    const limits = await open();
    const bucket = aBucket();
    await concurrently(10, () => limits.take(bucket, limit, now));
    for (const ahead of [-50_000, 0, -50_000, 0]) {
      expect(await limits.take(bucket, limit, later(now, ahead))).toMatchObject({ kind: "refused" });
    }
  });
}
