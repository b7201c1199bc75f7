import type { Comparison } from "../comparison.ts";
import { spreadOf } from "../measure/statistics.ts";
import { brief, warnings } from "../report/report.ts";
import { type Circumstances, type Findings, problemsOf, ratiosOf, targetOf } from "../report/summary.ts";
import { idleTarget, leastRatio, memoryTarget, readyTarget, type Target } from "../report/targets.ts";
import { barChart } from "./bar-chart.ts";
import { markdownTable } from "./markdown-table.ts";

/** What was found for Signet in one process, as the tables of the page. */
export function oneProcessSection(findings: Findings): string {
  const { readyMilliseconds, idle, afterFlows, comparisons } = findings;
  return [
    conditions(findings),
    "",
    markdownTable([
      [
        "work",
        "Signet, flows/s",
        "peer, flows/s",
        "Signet : peer",
        "by CPU",
        "CPU µs, Signet",
        "peer",
        "p99 ms, Signet",
        "peer",
        "target",
        "",
      ],
      ...comparisons.map(comparisonRow),
    ]),
    "",
    markdownTable([
      ["Signet's process", "measured", "target", ""],
      ["ready after exec", `${brief(readyMilliseconds, 0)} ms`, ...verdict(readyTarget("oneProcess", readyMilliseconds.median))],
      ["RSS idle", `${idle.signet.resident.toFixed(0)} MB`, ...verdict(idleTarget("oneProcess", idle.signet.resident))],
      ...(afterFlows === undefined
        ? []
        : [
            [
              `RSS after ${afterFlows.flows.toLocaleString("en")} code flows`,
              `${afterFlows.resident.toFixed(0)} MB`,
              ...verdict(memoryTarget("oneProcess", afterFlows.resident)),
            ],
          ]),
    ]),
    "",
    ...warnings(comparisons).map((warning) => `- ${warning}`),
  ]
    .join("\n")
    .trimEnd();
}

export function oneProcessChart({ comparisons }: Findings): string {
  const bars = comparisons.map((comparison) => ({
    label: comparison.work,
    ratio: ratiosOf(comparison).flowsPerSecond,
    target: leastRatio("oneProcess", comparison.work),
  }));
  return barChart("Signet in one process : oidc-provider in memory, by throughput", bars);
}

function comparisonRow(comparison: Comparison): string[] {
  const { work, signet, peer } = comparison;
  if (problemsOf(comparison).length > 0)
    return [work, ...Array.from({ length: 8 }, () => ""), targetOf(comparison).text, "INVALID"];
  const { flowsPerSecond, cpu } = ratiosOf(comparison);
  const of = (rounds: Comparison["signet"], value: (one: Comparison["signet"][number]) => number) => spreadOf(rounds.map(value));
  const throughput = (rounds: Comparison["signet"]) => of(rounds, (one) => one.flowsPerSecond);
  const cpuOf = (rounds: Comparison["signet"]) => of(rounds, (one) => one.serverCpuMicrosecondsPerFlow).median.toFixed(0);
  const p99 = (rounds: Comparison["signet"]) => of(rounds, (one) => one.p99Milliseconds).median.toFixed(1);
  return [
    work,
    brief(throughput(signet), 0),
    brief(throughput(peer), 0),
    `${brief(flowsPerSecond, 2)}×`,
    `${brief(cpu, 2)}×`,
    cpuOf(signet),
    cpuOf(peer),
    p99(signet),
    p99(peer),
    ...verdict(targetOf(comparison)),
  ];
}

/** On what, and how, it was measured. */
export function conditions({ machine, loadAverageBefore, rounds, seconds, connections }: Circumstances): string {
  return `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; ${machine.pinning}; ${rounds} rounds of ${seconds} s in turns, ${connections} connections; load average before: ${loadAverageBefore.toFixed(2)}. Medians, with the least and the most in brackets.`;
}

export function verdict({ text, isMet }: Target): [string, string] {
  return [text, isMet ? "met" : "**MISSED**"];
}
