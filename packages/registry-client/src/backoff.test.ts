import { expect, test } from "vitest";
import { backOff, backOffMilliseconds } from "./backoff.ts";

test.each([
  [1, 0, 50],
  [2, 0, 100],
  [3, 0.5, 150],
  [4, 1, 200],
  [6, 0, 1600],
  [7, 0, 2000],
  [5000, 0, 2000],
  [5000, 1, 1000],
])("after failure %d with the share %d at random the wait is %d ms", (failures, share, milliseconds) => {
  expect(backOffMilliseconds(failures, share)).toBe(milliseconds);
});

test("an abort ends the wait", async () => {
  const controller = new AbortController();
  const waiting = backOff(5000, controller.signal);
  controller.abort();
  await waiting;
  await backOff(5000, controller.signal);
});
