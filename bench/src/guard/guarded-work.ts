import type { Comparison } from "../comparison.ts";
import type { WorkName } from "../options.ts";
import { problemsOf, ratiosOf } from "../report/summary.ts";

/** A ratio under this share of the recorded one is a loss that noise does not explain. */
const leastShare = 0.85;
/** How often a work is measured before it counts as slower: noise goes by, a loss stays. */
const mostAttempts = 3;

export interface GuardedWork {
  readonly work: WorkName;
  readonly recorded: number;
  /** What was measured, until one was high enough. */
  readonly attempts: readonly number[];
  readonly problems: readonly string[];
  readonly isKept: boolean;
}

/**
 * Whether a work's ratio by CPU time, median of the rounds, is still at least 85 % of the recorded one; measured up to three times. A wrong reply is none.
 * @param measure compares the work once more
 */
export async function guardWork(work: WorkName, recorded: number, measure: () => Promise<Comparison>): Promise<GuardedWork> {
  const attempts: number[] = [];
  while (attempts.length < mostAttempts) {
    const comparison = await measure();
    const problems = problemsOf(comparison);
    if (problems.length > 0) return { work, recorded, attempts, problems, isKept: false };
    const ratio = ratiosOf(comparison).cpu.median;
    attempts.push(ratio);
    if (ratio >= leastShare * recorded) return { work, recorded, attempts, problems, isKept: true };
  }
  return { work, recorded, attempts, problems: [], isKept: false };
}
