import { type Clock, type Instant, instant } from "@signet/protocol";

/** A clock that stands until a test moves it. */
export interface Clockwork {
  readonly clock: Clock;
  advance(milliseconds: number): void;
}

/**
 * Starts at the machine's time, so that what other programs check against theirs is right until the clock is moved;
 * at a whole second, so that times in seconds are as far apart as the test moved the clock.
 */
export function clockwork(): Clockwork {
  let now: Instant = instant(Math.floor(Date.now() / 1000) * 1000);
  return {
    clock: () => now,
    advance(milliseconds) {
      now = instant(now + milliseconds);
    },
  };
}
