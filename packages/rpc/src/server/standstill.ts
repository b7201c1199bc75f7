/** Tells whether what a process reads now may have lain there for long, because it was stopped, or its machine was, or it was busy with something else. */
export interface Standstill {
  /** For how long the process stood still just before; 0 where it did not. */
  readonly milliseconds: number;
  /** Ends the watch. */
  stop(): void;
}

const tickMilliseconds = 200;
/** A process is not stopped whenever its machine is busy. */
const shortestMilliseconds = 500;
/** Within this everything is read that has lain there meanwhile. */
const catchingUpMilliseconds = 250;

/** Watches this process. `elapsed` is in milliseconds since some moment, and never goes back. */
export function watchStandstill(elapsed: () => number = () => performance.now()): Standstill {
  let lastSign = elapsed();
  let longest = 0;
  let overSince = Number.NEGATIVE_INFINITY;

  /** What is read comes before the next tick, so it looks as well. */
  function look(): number {
    const now = elapsed();
    const still = now - lastSign - tickMilliseconds;
    lastSign = now;
    if (still >= shortestMilliseconds) {
      longest = still;
      overSince = now;
    }
    return now - overSince < catchingUpMilliseconds ? longest : 0;
  }

  const ticking = setInterval(look, tickMilliseconds).unref();
  return {
    get milliseconds() {
      return look();
    },
    stop: () => clearInterval(ticking),
  };
}
