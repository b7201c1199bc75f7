import { instant, later } from "@signet/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agreedClock, heardClock } from "./agreed-clock.ts";

const start = instant(1_800_000_000_000);
const minute = 60_000;
const at = (milliseconds: number) => later(start, milliseconds);
const agreed = (own: number, one: number | undefined, other: number | undefined) =>
  agreedClock({
    own: () => at(own),
    others: [() => (one === undefined ? undefined : at(one)), () => (other === undefined ? undefined : at(other))],
  })() - start;

test("a clock that is five seconds at most from another one is taken as it is", () => {
  expect(agreed(0, 0, 0)).toBe(0);
  expect(agreed(5000, 0, 0)).toBe(5000);
  expect(agreed(0, 60 * minute, 5000)).toBe(0);
});

test.each([-5, 5])(
  "X18: in the place of a clock that is %i minutes from two others the nearer one of them is taken",
  (minutes) => {
    expect(agreed(minutes * minute, 0, 0)).toBe(0);
    expect(agreed(minutes * minute, 500, -500)).toBe(Math.sign(minutes) * 500);
  },
);

test("another clock that goes astray leads nobody astray", () => {
  expect(agreed(0, 60 * minute, 0)).toBe(0);
  expect(agreed(0, 0, -60 * minute)).toBe(0);
});

test("where only one other clock is known, the own one is taken as it is", () => {
  expect(agreed(5 * minute, 0, undefined)).toBe(5 * minute);
  expect(agreed(5 * minute, undefined, 0)).toBe(5 * minute);
});

test("X18: whatever one of three clocks shows, nobody is more than five seconds astray", () => {
  const astray = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  const right = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(astray, right, right, right, (wrong, own, one, other) => {
      for (const clocks of [
        [wrong, one, other],
        [own, wrong, other],
        [own, one, wrong],
      ] as const) {
        expect(Math.abs(agreed(...clocks))).toBeLessThanOrEqual(6000);
      }
    }),
  );
});

test("a clock that was heard is reckoned on", () => {
  let elapsed = 0;
  const { hear, read } = heardClock(() => elapsed);
  expect(read()).toBeUndefined();
  hear(start);
  elapsed = 5000;
  expect(read()).toBe(at(5000));
  hear(at(-1));
  expect(read()).toBe(at(-1));
});
