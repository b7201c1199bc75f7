import { expect, test } from "vitest";
import { backOff, backOffMilliseconds } from "./backoff.ts";

test.each([
  [1, 1000, 0, 50],
  [2, 1000, 0, 100],
  [3, 1000, 0.5, 150],
  [5, 1000, 1, 400],
  [6, 1000, 0, 1000],
  [5000, 1000, 0, 1000],
  [5000, 1000, 1, 500],
  [1, 2000, 0, 50],
  [2, 2000, 0, 100],
  [3, 2000, 0.5, 150],
  [4, 2000, 1, 200],
  [6, 2000, 0, 1600],
  [7, 2000, 0, 2000],
  [5000, 2000, 0, 2000],
  [5000, 2000, 1, 1000],
])(
  "after failure %d, of at most %d ms, with the share %d at random the wait is %d ms",
  (failures, longest, share, milliseconds) => {
    expect(backOffMilliseconds(failures, longest, share)).toBe(milliseconds);
  },
);

test("an abort ends the wait", async () => {
  const controller = new AbortController();
  const waiting = backOff(5000, 2000, controller.signal);
  controller.abort();
  await waiting;
  await backOff(5000, 2000, controller.signal);
});
