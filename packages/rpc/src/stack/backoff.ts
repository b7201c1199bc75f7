import { randomInt } from "node:crypto";

const shortestMilliseconds = 50;
const longestMilliseconds = 1000;

/**
 * How long to wait before another attempt: 50 ms after the first failure, twice as long after each further one up to 1 s, less up to a half as
 * `share` of 0 to 1 says, so that many processes do not come back at one moment.
 */
export function backOffMilliseconds(failures: number, share: number): number {
  return Math.min(longestMilliseconds, shortestMilliseconds * 2 ** (failures - 1)) * (1 - share / 2);
}

/** A number from 0 up to 1, to spread attempts over time. */
export function randomShare(): number {
  return randomInt(1000) / 1000;
}
