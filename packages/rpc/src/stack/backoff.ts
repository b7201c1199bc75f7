import { randomInt } from "node:crypto";
import { settledOrAborted } from "./abortable.ts";

const shortestMilliseconds = 50;

/**
 * How long to wait before another attempt: 50 ms after the first failure, twice as long after each further one up to `longestMilliseconds`, less up to
 * a half as `share` of 0 to 1 says, so that many processes do not come back at one moment.
 */
export function backOffMilliseconds(failures: number, longestMilliseconds: number, share: number): number {
  return Math.min(longestMilliseconds, shortestMilliseconds * 2 ** (failures - 1)) * (1 - share / 2);
}

/** A number from 0 up to 1, to spread attempts over time. */
export function randomShare(): number {
  return randomInt(1000) / 1000;
}

/** Waits before another attempt; ends at once when `signal` aborts. */
export async function backOff(failures: number, longestMilliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise: elapsed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, backOffMilliseconds(failures, longestMilliseconds, randomShare()));
  await settledOrAborted(elapsed, signal);
  clearTimeout(timer);
}
