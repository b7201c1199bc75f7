import type { Measurement } from "../measure/measurement.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import { table } from "../report/table.ts";
import type { GrownWork, GrowthFindings, MeasuredSize } from "./run-growth.ts";

export const largestLatencyRatio = 1.3;
export const largestStartRatio = 1.5;

/** The findings for a person: medians, with the least and the most in brackets. */
export function growthReport({ loadAverageBefore, pinning, options, sizes, works }: GrowthFindings): string {
  return [
    `Node ${process.versions.node}; ${pinning}; load average before: ${loadAverageBefore.toFixed(2)}; ${options.rounds} rounds of ${options.seconds} s, ${options.connections} connections; scale ${options.scale}`,
    "",
    table([
      [
        "",
        "flows/s",
        "p50 ms",
        "p99 ms",
        "CPU µs/flow",
        "p99 : small",
        "CPU : small",
        "errors",
        `target ≤ ${largestLatencyRatio}×`,
      ],
      ...works.flatMap(workRows),
    ]),
    "",
    table([
      [
        "",
        "tenants",
        "clients",
        "users",
        "families",
        "filled in s",
        "ready ms",
        "ready : small",
        "RSS MB idle → after",
        `target ≤ ${largestStartRatio}×`,
      ],
      ...sizes.map((size) => sizeRow(size, sizes[0])),
    ]),
  ].join("\n");
}

/** How one size compares with the smallest, round by round. */
export function growthOf(
  rounds: readonly Measurement[],
  smallest: readonly Measurement[],
  value: (one: Measurement) => number,
): Spread {
  return spreadOf(rounds.map((one, round) => value(one) / value(smallest[round] ?? one)));
}

function workRows({ name, sizes }: GrownWork): string[][] {
  const smallest = sizes[0]?.rounds ?? [];
  return [
    [name],
    ...sizes.map(({ population, rounds }, index) => {
      const median = (value: (one: Measurement) => number) => spreadOf(rounds.map(value)).median;
      const latency = growthOf(rounds, smallest, (one) => one.p99Milliseconds);
      const errors = rounds.reduce((sum, one) => sum + one.errors, 0);
      const isMet = errors === 0 && latency.median <= largestLatencyRatio;
      return [
        `  ${population.name}`,
        median((one) => one.flowsPerSecond).toFixed(0),
        median((one) => one.p50Milliseconds).toFixed(2),
        median((one) => one.p99Milliseconds).toFixed(2),
        median((one) => one.serverCpuMicrosecondsPerFlow).toFixed(0),
        index === 0 ? "" : inBrief(latency),
        index === 0 ? "" : inBrief(growthOf(rounds, smallest, (one) => one.serverCpuMicrosecondsPerFlow)),
        String(errors),
        index === 0 ? "" : verdict(isMet),
      ];
    }),
  ];
}

function sizeRow(
  { population, fillSeconds, starts, idleMegabytes, residentMegabytes }: MeasuredSize,
  smallest: MeasuredSize | undefined,
): string[] {
  const ratio = spreadOf(starts.map((ready, round) => ready / (smallest?.starts[round] ?? Number.NaN)));
  return [
    population.name,
    ...[population.tenants, population.clients, population.users, population.families].map((count) => count.toLocaleString("en")),
    fillSeconds.toFixed(0),
    spreadOf(starts).median.toFixed(0),
    inBrief(ratio),
    `${idleMegabytes.toFixed(0)} → ${residentMegabytes.toFixed(0)}`,
    verdict(ratio.median <= largestStartRatio),
  ];
}

function inBrief({ median, minimum, maximum }: Spread): string {
  return `${median.toFixed(2)}× [${minimum.toFixed(2)}–${maximum.toFixed(2)}]`;
}

function verdict(isMet: boolean): string {
  return isMet ? "met" : "MISSED";
}
