import type { Comparison } from "../comparison.ts";
import type { Measurement } from "../measure/measurement.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import { idleTarget, memoryTarget, ratioTarget, readyTarget, type Target } from "./targets.ts";

/** On what, and how, something was measured. */
export interface Circumstances {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly pinning: string };
  readonly loadAverageBefore: number;
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
}

/** Memory of a process, in megabytes. */
export interface Memory {
  readonly resident: number;
  /** The part of it that no file backs. */
  readonly own: number;
}

/** What `npm run bench` found; `--json` writes it as it is. */
export interface Findings extends Circumstances {
  readonly peerStore: "maps" | "own";
  readonly readyMilliseconds: Spread;
  /** One second after a start. */
  readonly idle: { readonly signet: Memory; readonly peer: Memory };
  readonly comparisons: readonly Comparison[];
  /** Of a Signet started anew, once it had done so many code flows; undefined where that was not asked for. */
  readonly afterFlows: (Memory & { readonly flows: number }) | undefined;
}

/** Signet : peer, round by round. Above 1 Signet is ahead. */
export interface Ratios {
  readonly flowsPerSecond: Spread;
  /** Of the server's CPU time, turned round: how many flows Signet does in the time of one of the peer's. */
  readonly cpu: Spread;
}

export function ratiosOf({ signet, peer }: Pick<Comparison, "signet" | "peer">): Ratios {
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
  return [...warmUpErrors, ...wrongReplies("signet", signet), ...wrongReplies("peer", peer)];
}

export function wrongReplies(name: string, rounds: readonly Measurement[]): readonly string[] {
  return rounds.flatMap(({ errors, firstError }, round) =>
    errors === 0 ? [] : [`${name}: ${errors} wrong replies in round ${round + 1}: ${firstError}`],
  );
}

/** By throughput; a row that says nothing meets none. */
export function targetOf(comparison: Comparison): Target {
  const { text, isMet } = ratioTarget("oneProcess", comparison.work, ratiosOf(comparison).flowsPerSecond.median);
  return { text, isMet: isMet && problemsOf(comparison).length === 0 };
}

/** Whether every reply was right and every target is met. */
export function isAllWell({ readyMilliseconds, idle, afterFlows, comparisons }: Findings): boolean {
  return (
    readyTarget("oneProcess", readyMilliseconds.median).isMet &&
    idleTarget("oneProcess", idle.signet.resident).isMet &&
    (afterFlows === undefined || memoryTarget("oneProcess", afterFlows.resident).isMet) &&
    comparisons.every((comparison) => targetOf(comparison).isMet)
  );
}
