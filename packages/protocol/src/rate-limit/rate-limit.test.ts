import fc from "fast-check";
import { expect, test } from "vitest";
import { instant, later } from "../instant.ts";
import { emptyAt, giveBackTo, type RateLimitUse, rateLimitBucket, takeFrom } from "./rate-limit.ts";

const now = instant(1_800_000_000_000);
const limit = { count: 10, windowMilliseconds: 900_000 };

/** What is used after as many takes at `now` as there is room for. */
function exhausted(): RateLimitUse {
  let use: RateLimitUse | undefined;
  for (let step = 0; step < limit.count; step++) use = takeFrom(use, limit, now).use;
  if (use === undefined) throw new Error("nothing was taken");
  return use;
}

test("as many as the limit counts are taken at once, and one more is refused with the time after which it would be taken", () => {
  const use = exhausted();
  expect(takeFrom(use, limit, now)).toEqual({ taken: { kind: "refused", retryAfterMilliseconds: 90_000 } });
  expect(takeFrom(use, limit, later(now, 90_000)).taken.kind).toBe("taken");
  expect(takeFrom(use, limit, later(now, 89_000)).taken.kind).toBe("refused");
});

test("after a window without a take there is room for all again, and for no more", () => {
  let use: RateLimitUse | undefined = exhausted();
  for (let step = 0; step < limit.count; step++) use = takeFrom(use, limit, later(now, 900_000)).use;
  expect(takeFrom(use, limit, later(now, 900_000)).taken.kind).toBe("refused");
});

test("what is given back can be taken again, and never more than was taken", () => {
  const use = giveBackTo(exhausted(), limit, now);
  const again = takeFrom(use, limit, now);
  expect(again.taken.kind).toBe("taken");
  expect(takeFrom(again.use, limit, now).taken.kind).toBe("refused");
  expect(giveBackTo(undefined, limit, now, 5).used).toBe(0);
});

test("nothing is kept of a use once it is empty", () => {
  expect(emptyAt(exhausted(), limit)).toBe(later(now, 900_000));
});

test("a clock that is behind by less than a minute gives nothing back", () => {
  let use: RateLimitUse | undefined = exhausted();
  for (let step = 0; step < 100; step++) {
    const at = later(now, step % 2 === 0 ? -50_000 : 0);
    const next = takeFrom(use, limit, at);
    expect(next.taken.kind).toBe("refused");
    use = next.use ?? use;
  }
});

test("X19: a clock that was set back by an hour keeps nobody out for longer than a window", () => {
  const back = later(now, -3_600_000);
  const first = takeFrom(exhausted(), limit, back);
  expect(first.taken).toEqual({ kind: "refused", retryAfterMilliseconds: 90_000 });
  expect(takeFrom(first.use, limit, later(back, 90_000)).taken.kind).toBe("taken");
});

test("of what was used under a higher limit no more counts against a lower one than it counts itself", () => {
  const use = { used: 1000, at: now };
  expect(takeFrom(use, limit, now)).toEqual({ taken: { kind: "refused", retryAfterMilliseconds: 90_000 } });
  expect(takeFrom(use, limit, later(now, 90_000)).taken.kind).toBe("taken");
  expect(giveBackTo(use, limit, now).used).toBe(limit.count - 1);
  expect(takeFrom(use, limit, later(now, -3_600_000)).use).toEqual({ used: limit.count, at: later(now, -3_600_000) });
});

test("of any takes within any window no more than twice the limit are taken", () => {
  const shape = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    windowMilliseconds: fc.integer({ min: 1000, max: 10_000 }),
    pauses: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 200 }),
  });
  fc.assert(
    fc.property(shape, ({ pauses, ...some }) => {
      const taken: number[] = [];
      let use: RateLimitUse | undefined;
      let at = now;
      for (const pause of pauses) {
        at = later(at, pause);
        const next = takeFrom(use, some, at);
        use = next.use ?? use;
        if (next.taken.kind === "taken") taken.push(at);
      }
      for (const begin of taken) {
        const within = taken.filter((moment) => moment >= begin && moment < begin + some.windowMilliseconds);
        expect(within.length).toBeLessThanOrEqual(2 * some.count);
      }
    }),
  );
});

test("two lists of parts name two buckets", () => {
  expect(rateLimitBucket("a", "b", "c")).toBe(rateLimitBucket("a", "b", "c"));
  expect(rateLimitBucket("a", "b,c")).not.toBe(rateLimitBucket("a", "b", "c"));
  expect(rateLimitBucket("x".repeat(100_000))).toHaveLength(43);
});
