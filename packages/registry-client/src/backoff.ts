import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";

const shortestMilliseconds = 50;
const longestMilliseconds = 2000;

/**
 * How long to wait before another attempt: 50 ms after the first failure, twice as long after each further one up to 2 s, less up to a half as
 * `share` of 0 to 1 says, so that many processes do not come back at one moment.
 */
export function backOffMilliseconds(failures: number, share: number): number {
  return Math.min(longestMilliseconds, shortestMilliseconds * 2 ** (failures - 1)) * (1 - share / 2);
}

/** Waits before another attempt; ends at once when `signal` aborts. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  await setTimeout(backOffMilliseconds(failures, randomInt(1000) / 1000), undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
