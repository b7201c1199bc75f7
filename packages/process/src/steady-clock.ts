import { type Clock, instant } from "@signet/protocol";

/**
 * A clock that never goes back: what has expired stays so where the machine's clock is set back. It then goes on at half the pace until the machine's has
 * caught up, so that nothing lives twice as long as it should. A restart takes the machine's clock as it is.
 */
export function steadyClock(clock: Clock, elapsed: () => number = () => performance.now()): Clock {
  /** With the fractions of milliseconds that a slow clock gains between two calls. */
  let latest: number = clock();
  let at = elapsed();
  return () => {
    const told = clock();
    const now = elapsed();
    latest = told >= latest ? told : latest + (now - at) / 2;
    at = now;
    return instant(Math.floor(latest));
  };
}
