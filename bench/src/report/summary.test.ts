import { expect, test } from "vitest";
import type { Comparison } from "../comparison.ts";
import type { Measurement } from "../measure/measurement.ts";
import { type Findings, isAllWell, problemsOf, ratiosOf, targetOf } from "./summary.ts";

function measurement(flowsPerSecond: number, errors = 0): Measurement {
  return {
    flowsPerSecond,
    p50Milliseconds: 1,
    p99Milliseconds: 2,
    serverCpuMicrosecondsPerFlow: 1_000_000 / flowsPerSecond,
    serverCpuShare: 1,
    serverWaitShare: 0,
    loadCpuShare: 0.2,
    residentMegabytes: 100,
    errors,
    firstError: errors === 0 ? undefined : "token endpoint: 500",
  };
}

function comparison(given: Partial<Comparison>): Comparison {
  return { work: "client-credentials", signet: [measurement(300)], peer: [measurement(200)], warmUpErrors: [], ...given };
}

function findings(given: Partial<Findings>): Findings {
  return {
    machine: { cpu: "", cores: 2, node: "", pinning: "" },
    loadAverageBefore: 0,
    connections: 1,
    seconds: 1,
    rounds: 1,
    peerStore: "maps",
    readyMilliseconds: { median: 500, minimum: 1, maximum: 900 },
    idleMegabytes: { signet: 120, peer: 1 },
    idleOwnMegabytes: { signet: 60, peer: 1 },
    comparisons: [comparison({})],
    ...given,
  };
}

test("ratios are taken round by round, of throughput and of the inverse of CPU time", () => {
  const { flowsPerSecond, cpu } = ratiosOf(
    comparison({
      signet: [measurement(200), measurement(900), measurement(300)],
      peer: [measurement(100), measurement(300), measurement(300)],
    }),
  );
  expect(flowsPerSecond).toEqual({ median: 2, minimum: 1, maximum: 3 });
  expect(cpu.median).toBeCloseTo(2);
});

test.each([
  ["client-credentials", 300, true],
  ["client-credentials", 299, false],
  ["code-flow", 200, true],
  ["code-flow", 199, false],
] as const)("%s at %d flows/s to 200: the target is met: %s", (work, flowsPerSecond, isMet) => {
  expect(targetOf(comparison({ work, signet: [measurement(flowsPerSecond)] }))?.isMet).toBe(isMet);
});

test("one wrong reply makes a row invalid and its target missed", () => {
  const wrong = comparison({ peer: [measurement(200, 1)] });
  expect(problemsOf(wrong)).toEqual(["peer: 1 wrong replies in round 1: token endpoint: 500"]);
  expect(targetOf(wrong)?.isMet).toBe(false);
});

test("all is well with targets just met", () => {
  expect(isAllWell(findings({}))).toBe(true);
});

test.each([
  ["a slow start", findings({ readyMilliseconds: { median: 501, minimum: 1, maximum: 900 } })],
  ["a large process", findings({ idleMegabytes: { signet: 121, peer: 1 } })],
  ["a low ratio", findings({ comparisons: [comparison({ signet: [measurement(200)] })] })],
  ["a wrong reply in a row without a target", findings({ comparisons: [comparison({ work: "refresh", warmUpErrors: ["x"] })] })],
])("not all is well with %s", (_what, given) => {
  expect(isAllWell(given)).toBe(false);
});
