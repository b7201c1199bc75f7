import type { ServiceName } from "@signet/testkit";
import type { Measurement } from "../measure/measurement.ts";
import type { Spread } from "../measure/statistics.ts";
import type { WorkName } from "../options.ts";
import { type Circumstances, type Memory, type Ratios, ratiosOf, wrongReplies } from "../report/summary.ts";
import { ratioTarget, type Target } from "../report/targets.ts";

/** What `npm run bench -- services` found. */
export interface ServicesFindings extends Circumstances {
  readonly comparisons: readonly ServicesComparison[];
  readonly processes: Readonly<Record<ServiceName, ServiceProcessFindings>>;
}

/** One work at separate processes, at the peer on Redis, and at one process, in turns. */
export interface ServicesComparison {
  readonly work: WorkName;
  readonly services: readonly Measurement[];
  readonly peer: readonly Measurement[];
  readonly oneProcess: readonly Measurement[];
  readonly warmUpErrors: readonly string[];
}

export interface ServiceProcessFindings {
  readonly readyMilliseconds: Spread;
  readonly idle: Memory;
  /** Undefined where that was not asked for. */
  readonly afterFlows: Memory | undefined;
}

export function ratiosToPeer({ services, peer }: ServicesComparison): Ratios {
  return ratiosOf({ signet: services, peer });
}

/** How many times the CPU time of one process a flow takes, round by round. */
export function costOfSeparation({ services, oneProcess }: ServicesComparison): Spread {
  return ratiosOf({ signet: oneProcess, peer: services }).cpu;
}

/** Why a row says nothing; empty for a valid one. */
export function problemsOfServices({ services, peer, oneProcess, warmUpErrors }: ServicesComparison): readonly string[] {
  return [
    ...warmUpErrors,
    ...wrongReplies("services", services),
    ...wrongReplies("peer", peer),
    ...wrongReplies("one process", oneProcess),
  ];
}

/** By CPU time; a row that says nothing meets none. */
export function targetOfServices(comparison: ServicesComparison): Target {
  const { text, isMet } = ratioTarget("services", comparison.work, ratiosToPeer(comparison).cpu.median);
  return { text, isMet: isMet && problemsOfServices(comparison).length === 0 };
}
