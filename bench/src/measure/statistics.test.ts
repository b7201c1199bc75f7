import { expect, test } from "vitest";
import { percentile, spreadOf } from "./statistics.ts";

test.each([
  [[5], 0.5, 5],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
  [Array.from({ length: 1000 }, (_, index) => index + 1), 0.99, 990],
])("of %j, the share %d lies at or under %d", (sorted, share, expected) => {
  expect(percentile(sorted, share)).toBe(expected);
});

test("a percentile of nothing is no number", () => {
  expect(percentile([], 0.5)).toBeNaN();
});

test.each([
  [[3, 1, 2], { median: 2, minimum: 1, maximum: 3 }],
  [[10, 9, 1, 2], { median: 5.5, minimum: 1, maximum: 10 }],
])("the spread of %j", (values, expected) => {
  expect(spreadOf(values)).toEqual(expected);
});
