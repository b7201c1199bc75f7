import { type Clock, type Instant, instant } from "@signet/protocol";

/** A clock that stands until a test moves it. */
export interface Clockwork {
  readonly clock: Clock;
  advance(milliseconds: number): void;
}

/** Starts at the machine's time, so that what other programs check against theirs is right until the clock is moved. */
export function clockwork(): Clockwork {
  let now: Instant = instant(Date.now());
  return {
    clock: () => now,
    advance(milliseconds) {
      now = instant(now + milliseconds);
    },
  };
}
