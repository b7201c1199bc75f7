import { services } from "@signet/testkit";
import type { Measurement } from "../measure/measurement.ts";
import { spreadOf } from "../measure/statistics.ts";
import { brief, circumstances } from "../report/report.ts";
import { table } from "../report/table.ts";
import { cells, idleTarget, memoryTarget, readyTarget } from "../report/targets.ts";
import {
  costOfSeparation,
  problemsOfServices,
  ratiosToPeer,
  type ServicesComparison,
  type ServicesFindings,
  targetOfServices,
} from "./services-findings.ts";

/** The findings for a person. CPU is that of the contender's own processes together. */
export function servicesReport(findings: ServicesFindings): string {
  return [
    circumstances(findings, "the peer is oidc-provider 9 on Redis"),
    "",
    table([
      ["", "flows/s", "p50 ms", "p99 ms", "CPU µs/flow", "errors", "target", ""],
      ...findings.comparisons.flatMap(comparisonRows),
    ]),
    "",
    table([["", "ready ms", "target", "", "idle MB", "target", "", "after flows", "target", ""], ...processRows(findings)]),
    ...findings.comparisons.flatMap((comparison) =>
      problemsOfServices(comparison).map((problem) => `\n${comparison.work} is INVALID. ${problem}`),
    ),
  ].join("\n");
}

function comparisonRows(comparison: ServicesComparison): string[][] {
  return [
    [comparison.work],
    measurementRow("  services", comparison.services),
    measurementRow("  peer on Redis", comparison.peer),
    measurementRow("  one process", comparison.oneProcess),
    ["  services : peer", "", "", "", `${brief(ratiosToPeer(comparison).cpu, 2)}×`, "", ...cells(targetOfServices(comparison))],
    ["  cost : one process", "", "", "", `${brief(costOfSeparation(comparison), 2)}×`],
  ];
}

function measurementRow(name: string, rounds: readonly Measurement[]): string[] {
  const spread = (value: (one: Measurement) => number) => spreadOf(rounds.map(value));
  return [
    name,
    spread((one) => one.flowsPerSecond).median.toFixed(0),
    spread((one) => one.p50Milliseconds).median.toFixed(2),
    spread((one) => one.p99Milliseconds).median.toFixed(2),
    brief(
      spread((one) => one.serverCpuMicrosecondsPerFlow),
      0,
    ),
    String(rounds.reduce((sum, { errors }) => sum + errors, 0)),
  ];
}

function processRows({ processes }: ServicesFindings): string[][] {
  return services.map((name) => {
    const { readyMilliseconds, idle, afterFlows } = processes[name];
    return [
      `  ${name}`,
      brief(readyMilliseconds, 0),
      ...cells(readyTarget("services", readyMilliseconds.median)),
      `${idle.resident.toFixed(0)}, ${idle.own.toFixed(0)} not mapped files`,
      ...cells(idleTarget("services", idle.resident)),
      ...(afterFlows === undefined
        ? []
        : [afterFlows.resident.toFixed(0), ...cells(memoryTarget("services", afterFlows.resident))]),
    ];
  });
}
