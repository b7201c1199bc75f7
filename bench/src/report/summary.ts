import type { Comparison } from "../comparison.ts";
import type { Measurement } from "../measure/measurement.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import type { WorkName } from "../options.ts";

/** What `npm run bench` found; `--json` writes it as it is. */
export interface Findings {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly pinning: string };
  readonly loadAverageBefore: number;
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly peerStore: "maps" | "own";
  readonly readyMilliseconds: Spread;
  readonly idleMegabytes: { readonly signet: number; readonly peer: number };
  /** The part of it that no file backs. */
  readonly idleOwnMegabytes: { readonly signet: number; readonly peer: number };
  readonly comparisons: readonly Comparison[];
}

/** The least ratios Signet : peer in flows per second. */
const leastRatios: Readonly<Partial<Record<WorkName, number>>> = { "code-flow": 1, "client-credentials": 1.5 };
const readyAtMostMilliseconds = 500;
const idleAtMostMegabytes = 120;

/** Signet : peer, round by round. Above 1 Signet is ahead. */
export interface Ratios {
  readonly flowsPerSecond: Spread;
  /** Of the server's CPU time, turned round: how many flows Signet does in the time of one of the peer's. */
  readonly cpu: Spread;
}

export function ratiosOf({ signet, peer }: Comparison): Ratios {
  return {
    flowsPerSecond: ratio(signet, peer, (one) => one.flowsPerSecond),
    cpu: ratio(peer, signet, (one) => one.serverCpuMicrosecondsPerFlow),
  };
}

function ratio(over: readonly Measurement[], under: readonly Measurement[], value: (one: Measurement) => number): Spread {
  return spreadOf(over.map((one, round) => value(one) / value(under[round] ?? one)));
}

/** Why a row says nothing; empty for a valid one. */
export function problemsOf({ signet, peer, warmUpErrors }: Comparison): readonly string[] {
  const ofRounds = (name: string, measurements: readonly Measurement[]) =>
    measurements.flatMap(({ errors, firstError }, round) =>
      errors === 0 ? [] : [`${name}: ${errors} wrong replies in round ${round + 1}: ${firstError}`],
    );
  return [...warmUpErrors, ...ofRounds("signet", signet), ...ofRounds("peer", peer)];
}

export interface Target {
  readonly text: string;
  readonly isMet: boolean;
}

export function targetOf(comparison: Comparison): Target | undefined {
  const least = leastRatios[comparison.work];
  if (least === undefined) return undefined;
  return {
    text: `≥ ${least.toFixed(1)}×`,
    isMet: problemsOf(comparison).length === 0 && ratiosOf(comparison).flowsPerSecond.median >= least,
  };
}

export function readyTarget({ readyMilliseconds }: Findings): Target {
  return { text: `≤ ${readyAtMostMilliseconds} ms`, isMet: readyMilliseconds.median <= readyAtMostMilliseconds };
}

export function idleTarget({ idleMegabytes }: Findings): Target {
  return { text: `≤ ${idleAtMostMegabytes} MB`, isMet: idleMegabytes.signet <= idleAtMostMegabytes };
}

/** Whether every reply was right and every target is met. */
export function isAllWell(findings: Findings): boolean {
  return (
    readyTarget(findings).isMet &&
    idleTarget(findings).isMet &&
    findings.comparisons.every((comparison) => problemsOf(comparison).length === 0 && targetOf(comparison)?.isMet !== false)
  );
}
