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
  expect(guarded).toMatchObject({ isKept, problems: [] });
  expect(guarded.attempts).toHaveLength(ratios.length);
});

test("a wrong reply is a loss at once", async () => {
  const guarded = await guardWork("refresh", 2, async () => aComparison({ warmUpErrors: ["signet: 500"] }));
  expect(guarded).toMatchObject({ isKept: false, problems: ["signet: 500"] });
});
