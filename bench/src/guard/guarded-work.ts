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
  /** What was measured, until one was high enough: a ratio, or why there is none. */
  readonly attempts: readonly (number | string)[];
  readonly isKept: boolean;
}

/**
 * Whether a work's ratio by CPU time, median of the rounds, is still at least 85 % of the recorded one, with all replies right; measured up to three times.
 * @param measure compares the work once more
 */
export async function guardWork(work: WorkName, recorded: number, measure: () => Promise<Comparison>): Promise<GuardedWork> {
  const attempts: (number | string)[] = [];
  while (attempts.length < mostAttempts) {
    const result = await measure().then(resultOf, reasonOf);
    attempts.push(result);
    if (typeof result === "number" && result >= leastShare * recorded) return { work, recorded, attempts, isKept: true };
  }
  return { work, recorded, attempts, isKept: false };
}

/** The ratio, or what makes it worthless. */
function resultOf(comparison: Comparison): number | string {
  return problemsOf(comparison)[0] ?? ratiosOf(comparison).cpu.median;
}

/** Why nothing was measured: already a sign-in before it may have been refused. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
