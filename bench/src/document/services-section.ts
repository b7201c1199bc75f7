import { services } from "@signet/testkit";
import type { Measurement } from "../measure/measurement.ts";
import { spreadOf } from "../measure/statistics.ts";
import { brief, warnings } from "../report/report.ts";
import { idleTarget, leastRatio, memoryTarget, readyTarget } from "../report/targets.ts";
import {
  costOfSeparation,
  problemsOfServices,
  ratiosToPeer,
  type ServicesComparison,
  type ServicesFindings,
  targetOfServices,
} from "../services/services-findings.ts";
import { barChart } from "./bar-chart.ts";
import { markdownTable } from "./markdown-table.ts";
import { conditions, verdict } from "./one-process-section.ts";

/** What was found for Signet as services, as the tables of the page. */
export function servicesSection(findings: ServicesFindings): string {
  return [
    conditions(findings),
    "",
    markdownTable([
      [
        "work",
        "services : peer, by CPU",
        "CPU µs, services",
        "peer on Redis",
        "one process",
        "services : one process",
        "services, flows/s",
        "p99 ms",
        "target",
        "",
      ],
      ...findings.comparisons.map(comparisonRow),
    ]),
    "",
    markdownTable([
      ["process", "ready ms", "target", "", "RSS idle, MB", "target", "", "RSS after 100,000 code flows, MB", "target", ""],
      ...processRows(findings),
    ]),
    "",
    ...disturbances(findings).map((warning) => `- ${warning}`),
  ]
    .join("\n")
    .trimEnd();
}

/** As far as the peer and the one process tell: of the services one always waits for another, as they share a core. */
function disturbances({ comparisons }: ServicesFindings): readonly string[] {
  return warnings(comparisons.map(({ work, oneProcess, peer }) => ({ work, signet: oneProcess, peer })));
}

export function servicesChart({ comparisons }: ServicesFindings): string {
  const bars = comparisons.map((comparison) => ({
    label: comparison.work,
    ratio: ratiosToPeer(comparison).cpu,
    target: leastRatio("services", comparison.work),
  }));
  return barChart("Signet as services : oidc-provider on Redis, by CPU time of all their processes", bars);
}

function comparisonRow(comparison: ServicesComparison): string[] {
  const { work, services: separate, peer, oneProcess } = comparison;
  const target = targetOfServices(comparison);
  if (problemsOfServices(comparison).length > 0) return [work, ...Array.from({ length: 7 }, () => ""), target.text, "INVALID"];
  const median = (rounds: readonly Measurement[], value: (one: Measurement) => number) => spreadOf(rounds.map(value)).median;
  const cpu = (rounds: readonly Measurement[]) => median(rounds, (one) => one.serverCpuMicrosecondsPerFlow).toFixed(0);
  return [
    work,
    `${brief(ratiosToPeer(comparison).cpu, 2)}×`,
    cpu(separate),
    cpu(peer),
    cpu(oneProcess),
    `${brief(costOfSeparation(comparison), 2)}×`,
    median(separate, (one) => one.flowsPerSecond).toFixed(0),
    median(separate, (one) => one.p99Milliseconds).toFixed(1),
    ...verdict(target),
  ];
}

function processRows({ processes }: ServicesFindings): string[][] {
  return services.map((name) => {
    const { readyMilliseconds, idle, afterFlows } = processes[name];
    return [
      name,
      brief(readyMilliseconds, 0),
      ...verdict(readyTarget("services", readyMilliseconds.median)),
      idle.resident.toFixed(0),
      ...verdict(idleTarget("services", idle.resident)),
      ...(afterFlows === undefined
        ? ["", "", ""]
        : [afterFlows.resident.toFixed(0), ...verdict(memoryTarget("services", afterFlows.resident))]),
    ];
  });
}
