import type { Brand } from "./brand.ts";

/** A point in time, in epoch milliseconds. */
export type Instant = Brand<number, "Instant">;

/** Where the time comes from. Rules take an `Instant`; only services hold a clock. */
export type Clock = () => Instant;

/** The point in time at `epochMilliseconds`. */
export function instant(epochMilliseconds: number): Instant {
  return epochMilliseconds as Instant;
}

/** `milliseconds` after `from`; before it where they are negative. */
export function later(from: Instant, milliseconds: number): Instant {
  return (from + milliseconds) as Instant;
}

/** NumericDate of RFC 7519 section 2: whole epoch seconds. */
export function epochSeconds(at: Instant): number {
  return Math.floor(at / 1000);
}
