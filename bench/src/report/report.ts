import type { Comparison } from "../comparison.ts";
import type { Measurement } from "../measure/measurement.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import { type Circumstances, type Findings, type Memory, problemsOf, type Ratios, ratiosOf, targetOf } from "./summary.ts";
import { table } from "./table.ts";
import { cells, idleTarget, memoryTarget, readyTarget, type Target } from "./targets.ts";

const busyLoadShare = 0.85;
const disturbedWaitShare = 0.1;

/** The findings for a person: medians, with the least and the most in brackets. */
export function report(findings: Findings): string {
  const { comparisons, peerStore } = findings;
  return [
    circumstances(
      findings,
      `the peer is oidc-provider 9 with ${peerStore === "maps" ? "plain maps" : "its own in-memory adapter"}`,
    ),
    "",
    table([header, ...comparisons.flatMap((comparison) => comparisonRows(comparison, findings))]),
    "",
    table(processRows(findings)),
    ...comparisons.flatMap((comparison) =>
      problemsOf(comparison).map((problem) => `\n${comparison.work} is INVALID. ${problem}`),
    ),
    ...warnings(comparisons).map((warning) => `\n${warning}`),
  ].join("\n");
}

export function circumstances({ machine, loadAverageBefore, rounds, seconds, connections }: Circumstances, peer: string): string {
  return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${machine.pinning}
load average before: ${loadAverageBefore.toFixed(2)}; ${rounds} rounds of ${seconds} s, ${connections} connections; ${peer}`;
}

function processRows({ readyMilliseconds, idle, afterFlows }: Findings): string[][] {
  const memory = ({ resident, own }: Memory) => `${resident.toFixed(0)} MB, ${own.toFixed(0)} of it not mapped files`;
  return [
    ["Signet's process", "measured", "target", ""],
    ["ready after exec", `${brief(readyMilliseconds, 0)} ms`, ...cells(readyTarget("oneProcess", readyMilliseconds.median))],
    ["idle memory", memory(idle.signet), ...cells(idleTarget("oneProcess", idle.signet.resident))],
    ...(afterFlows === undefined
      ? []
      : [
          [`after ${afterFlows.flows} code flows`, memory(afterFlows), ...cells(memoryTarget("oneProcess", afterFlows.resident))],
        ]),
  ];
}

const header = [
  "",
  "flows/s",
  "p50 ms",
  "p99 ms",
  "CPU µs/flow",
  "CPU",
  "waiting",
  "RSS MB idle → after",
  "errors",
  "target",
  "",
];

function comparisonRows(comparison: Comparison, { idle }: Findings): string[][] {
  const { work, signet, peer } = comparison;
  return [
    [work],
    measurementRow("  Signet", signet, idle.signet.resident),
    measurementRow("  peer", peer, idle.peer.resident),
    ratioRow(ratiosOf(comparison), problemsOf(comparison).length === 0, targetOf(comparison)),
  ];
}

function measurementRow(name: string, rounds: readonly Measurement[], idleMegabytes: number): string[] {
  const spread = (value: (one: Measurement) => number) => spreadOf(rounds.map(value));
  return [
    name,
    brief(
      spread((one) => one.flowsPerSecond),
      0,
    ),
    spread((one) => one.p50Milliseconds).median.toFixed(2),
    spread((one) => one.p99Milliseconds).median.toFixed(2),
    brief(
      spread((one) => one.serverCpuMicrosecondsPerFlow),
      0,
    ),
    percent(spread((one) => one.serverCpuShare).median),
    percent(spread((one) => one.serverWaitShare).median),
    `${idleMegabytes.toFixed(0)} → ${(rounds.at(-1)?.residentMegabytes ?? Number.NaN).toFixed(0)}`,
    String(rounds.reduce((sum, { errors }) => sum + errors, 0)),
  ];
}

function ratioRow({ flowsPerSecond, cpu }: Ratios, isValid: boolean, target: Target): string[] {
  if (!isValid) return ["  Signet : peer", "INVALID"];
  return ["  Signet : peer", `${brief(flowsPerSecond, 2)}×`, "", "", `${brief(cpu, 2)}×`, ...["", "", "", ""], ...cells(target)];
}

export function brief({ median, minimum, maximum }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${minimum.toFixed(digits)}–${maximum.toFixed(digits)})`;
}

/** Throughput says something about the servers only while nothing but them is the limit. */
export function warnings(comparisons: readonly Pick<Comparison, "work" | "signet" | "peer">[]): string[] {
  return comparisons.flatMap(({ work, signet, peer }) => {
    const all = [...signet, ...peer];
    const load = Math.max(...all.map((one) => one.loadCpuShare));
    const waiting = Math.max(...[signet, peer].map((rounds) => spreadOf(rounds.map((one) => one.serverWaitShare)).median));
    return [
      ...(load > busyLoadShare ? [`${work}: the load took ${percent(load)} of its core.${advice}`] : []),
      ...(waiting > disturbedWaitShare
        ? [`${work}: other programs kept a server waiting for ${percent(waiting)} of the time.${advice}`]
        : []),
    ];
  });
}

const advice = " Trust the CPU per flow, not flows/s.";

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
