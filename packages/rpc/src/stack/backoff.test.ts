import { expect, test } from "vitest";
import { backOffMilliseconds } from "./backoff.ts";

test.each([
  [1, 0, 50],
  [2, 0, 100],
  [3, 0.5, 150],
  [5, 1, 400],
  [6, 0, 1000],
  [5000, 0, 1000],
  [5000, 1, 500],
])("after failure %d with the share %d at random the wait is %d ms", (failures, share, milliseconds) => {
  expect(backOffMilliseconds(failures, share)).toBe(milliseconds);
});
