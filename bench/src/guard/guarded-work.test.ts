import { expect, test } from "vitest";
import type { Comparison } from "../comparison.ts";
import { aComparison, aMeasurement } from "../report/testing/findings.ts";
import { guardWork } from "./guarded-work.ts";

/** Comparisons with these ratios, one after the other. */
function measuring(...ratios: readonly number[]): () => Promise<Comparison> {
  const left = ratios.map((ratio) => aComparison({ signet: [aMeasurement(100 * ratio)], peer: [aMeasurement(100)] }));
  return async () => left.shift() ?? expect.unreachable("measured once too often");
}

test.each([
  ["85 % of what was recorded is enough", [1.7], true],
  ["less is measured again, and one that is enough suffices", [1.69, 1.5, 1.71], true],
  ["three that are less are a loss", [1.69, 1.5, 1.69], false],
])("%s", async (_rule, ratios, isKept) => {
  const guarded = await guardWork("refresh", 2, measuring(...ratios));
  expect(guarded).toMatchObject({ isKept });
  expect(guarded.attempts).toHaveLength(ratios.length);
});

test("wrong replies make an attempt worthless, however high its ratio", async () => {
  const wrong = aComparison({ warmUpErrors: ["signet: 503"] });
  const guarded = await guardWork("refresh", 2, async () => wrong);
  expect(guarded).toMatchObject({ isKept: false, attempts: ["signet: 503", "signet: 503", "signet: 503"] });
});

test("what cannot be measured is tried again, and told", async () => {
  const outcomes = [Promise.reject(new Error("the sign-in answered 503")), Promise.resolve(aComparison({}))];
  const guarded = await guardWork("refresh", 2, () => outcomes.shift() ?? expect.unreachable());
  expect(guarded).toMatchObject({ isKept: true, attempts: ["the sign-in answered 503", 2.5] });
});

test("a wrong reply that does not come again is none of the work's", async () => {
  const comparisons = [aComparison({ warmUpErrors: ["signet: 503"] }), aComparison({})];
  const guarded = await guardWork("refresh", 2, async () => comparisons.shift() ?? expect.unreachable());
  expect(guarded).toMatchObject({ isKept: true, attempts: ["signet: 503", 2.5] });
});
