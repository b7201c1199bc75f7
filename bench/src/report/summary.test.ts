import { expect, test } from "vitest";
import { isAllWell, problemsOf, ratiosOf, targetOf } from "./summary.ts";
import { aComparison, aMeasurement, findings } from "./testing/findings.ts";

test("ratios are taken round by round, of throughput and of the inverse of CPU time", () => {
  const { flowsPerSecond, cpu } = ratiosOf(
    aComparison({
      signet: [aMeasurement(200), aMeasurement(900), aMeasurement(300)],
      peer: [aMeasurement(100), aMeasurement(300), aMeasurement(300)],
    }),
  );
  expect(flowsPerSecond).toEqual({ median: 2, minimum: 1, maximum: 3 });
  expect(cpu.median).toBeCloseTo(2);
});

test.each([
  ["client-credentials", 500, true],
  ["client-credentials", 499, false],
  ["code-flow", 520, true],
  ["code-flow", 519, false],
] as const)("%s at %d flows/s to 200: the target is met: %s", (work, flowsPerSecond, isMet) => {
  expect(targetOf(aComparison({ work, signet: [aMeasurement(flowsPerSecond)] })).isMet).toBe(isMet);
});

test("one wrong reply makes a row invalid and its target missed", () => {
  const wrong = aComparison({ peer: [aMeasurement(20, 1)] });
  expect(problemsOf(wrong)).toEqual(["peer: 1 wrong replies in round 1: token endpoint: 500"]);
  expect(targetOf(wrong).isMet).toBe(false);
});

test("all is well with targets just met", () => {
  expect(isAllWell(findings({}))).toBe(true);
});

const slow = aComparison({ signet: [aMeasurement(499)] });
test.each([
  ["a slow start", findings({ readyMilliseconds: { median: 351, minimum: 1, maximum: 900 } })],
  ["a large process", findings({ idle: { signet: { resident: 91, own: 40 }, peer: { resident: 1, own: 1 } } })],
  ["a process that grows", findings({ afterFlows: { flows: 100_000, resident: 161, own: 100 } })],
  ["a low ratio", findings({ comparisons: [slow] })],
  ["a wrong reply", findings({ comparisons: [aComparison({ warmUpErrors: ["x"] })] })],
])("not all is well with %s", (_what, given) => {
  expect(isAllWell(given)).toBe(false);
});
