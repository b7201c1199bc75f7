import type { Comparison } from "../../comparison.ts";
import type { Measurement } from "../../measure/measurement.ts";
import type { Findings } from "../summary.ts";

export function aMeasurement(flowsPerSecond: number, errors = 0): Measurement {
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

/** One whose target is just met. */
export function aComparison(given: Partial<Comparison>): Comparison {
  return { work: "client-credentials", signet: [aMeasurement(500)], peer: [aMeasurement(200)], warmUpErrors: [], ...given };
}

/** Findings whose targets are all just met. */
export function findings(given: Partial<Findings>): Findings {
  return {
    machine: { cpu: "a CPU", cores: 2, node: "26.0.0", pinning: "pinned" },
    loadAverageBefore: 0,
    connections: 1,
    seconds: 1,
    rounds: 1,
    peerStore: "maps",
    readyMilliseconds: { median: 350, minimum: 1, maximum: 900 },
    idle: { signet: { resident: 90, own: 60 }, peer: { resident: 1, own: 1 } },
    comparisons: [aComparison({})],
    afterFlows: { flows: 100_000, resident: 160, own: 100 },
    ...given,
  };
}
