import { type Spread, spreadOf } from "../measure/statistics.ts";
import { table } from "../report/table.ts";
import type { OverloadedWork, OverloadFindings, Stretch } from "./run-overload.ts";

export const leastThroughput = 0.9;
export const largestLatencyRatio = 3;

/** The findings for a person: medians, with the least and the most in brackets. */
export function overloadReport({ loadAverageBefore, pinning, options, works }: OverloadFindings): string {
  return [
    `Node ${process.versions.node}; ${pinning}; load average before: ${loadAverageBefore.toFixed(2)}; ${options.rounds} rounds of ${options.seconds} s`,
    "",
    table([
      ["", "offered/s", "served/s", "refused/s", "p99 ms served", "p99 ms refused", "server CPU", "errors", "not sent", "target"],
      ...works.flatMap(workRows),
    ]),
  ].join("\n");
}

/** The most that was served in any stretch, on the way up or afterwards, taken as medians where there are several. */
export function mostServed({ rising, saturating }: OverloadedWork): number {
  return Math.max(...rising.map((one) => one.servedPerSecond), spreadOf(saturating.map((one) => one.servedPerSecond)).median);
}

/** What twice the saturating load leaves of the most that was served, and what it makes of the p99, round by round. */
export function overloadRatios(work: OverloadedWork): { readonly throughput: Spread; readonly latency: Spread } {
  const most = mostServed(work);
  return {
    throughput: spreadOf(work.twice.map((one) => one.servedPerSecond / most)),
    latency: spreadOf(
      work.twice.map((one, round) => one.servedP99Milliseconds / (work.saturating[round]?.servedP99Milliseconds ?? Number.NaN)),
    ),
  };
}

function workRows(work: OverloadedWork): string[][] {
  const { throughput, latency } = overloadRatios(work);
  const isRight = work.twice.every(({ errors }) => errors === 0);
  const verdict = (isMet: boolean) => (isMet && isRight ? "met" : "MISSED");
  const keepsUp = `≥ ${leastThroughput}×: ${verdict(throughput.median >= leastThroughput)}`;
  const staysQuick = `≤ ${largestLatencyRatio}×: ${verdict(latency.median <= largestLatencyRatio)}`;
  return [
    [work.name],
    ...work.rising.map((one) => stretchRow("  rising", [one])),
    stretchRow("  saturating", work.saturating),
    stretchRow("  twice that", work.twice),
    ["  served : most", "", inBrief(throughput), "", "", "", "", "", "", keepsUp],
    ["  p99 : saturating", "", "", "", inBrief(latency), "", "", "", "", staysQuick],
  ];
}

function stretchRow(name: string, stretches: readonly Stretch[]): string[] {
  const median = (value: (one: Stretch) => number) => spreadOf(stretches.map(value)).median;
  const sum = (value: (one: Stretch) => number) => String(stretches.reduce((total, one) => total + value(one), 0));
  const refused = median((one) => one.refusedP99Milliseconds);
  return [
    name,
    median((one) => one.offeredPerSecond).toFixed(0),
    median((one) => one.servedPerSecond).toFixed(0),
    median((one) => one.refusedPerSecond).toFixed(0),
    median((one) => one.servedP99Milliseconds).toFixed(1),
    Number.isNaN(refused) ? "" : refused.toFixed(1),
    `${(100 * median((one) => one.serverCpuShare)).toFixed(0)} %`,
    sum((one) => one.errors),
    sum((one) => one.unsent),
    "",
  ];
}

function inBrief({ median, minimum, maximum }: Spread): string {
  return `${median.toFixed(2)}× [${minimum.toFixed(2)}–${maximum.toFixed(2)}]`;
}
