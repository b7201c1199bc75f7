import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { type Clock, type Instant, instant } from "@signet/protocol";

/** A clock that stands until a test moves it. */
export interface Clockwork {
  readonly clock: Clock;
  advance(milliseconds: number): void;
  /** Writes the time into a file, from now on after each move, so that other processes have it before they are asked anything. */
  showIn(path: string): void;
}

/**
 * Starts at the machine's time, so that what other programs check against theirs is right until the clock is moved;
 * at a whole second, so that times in seconds are as far apart as the test moved the clock.
 */
export function clockwork(): Clockwork {
  let now: Instant = instant(Math.floor(Date.now() / 1000) * 1000);
  const paths = new Set<string>();
  const show = (path: string) => {
    const file = openSync(path, "a+");
    closeSync(file);
    const place = openSync(path, "r+");
    // In place and always as long, so that whoever reads meanwhile reads a time.
    writeSync(place, String(now), 0);
    closeSync(place);
  };
  return {
    clock: () => now,
    advance(milliseconds) {
      now = instant(now + milliseconds);
      for (const path of paths) show(path);
    },
    showIn(path) {
      paths.add(path);
      show(path);
    },
  };
}

/** The clock that a clockwork of another process shows in a file. */
export function shownIn(path: string): Clock {
  return () => instant(Number(readFileSync(path, "utf8")));
}
