import type { Clock } from "@signet/protocol";
import type { EmbeddedStores } from "@signet/storage-embedded";
import type { Logger } from "@signet/telemetry";

const intervalMilliseconds = 1_000;
/** Before the next step where more is left: short, with time for requests in between. */
const catchUpMilliseconds = 10;
/** A full disk is not empty a second later, and one line in the log says enough. */
const afterFailureMilliseconds = 30_000;

/** Reclaims from time to time the space of what has expired. Nothing depends on it: expiry is checked on every read. */
export function startSweep(stores: Pick<EmbeddedStores, "sweep">, clock: Clock, logger: Pick<Logger, "error">): { stop(): void } {
  let timer = setTimeout(step, intervalMilliseconds).unref();

  function step(): void {
    timer = setTimeout(step, sweep()).unref();
  }

  /** How long to wait after it. */
  function sweep(): number {
    try {
      return stores.sweep(clock()).finished ? intervalMilliseconds : catchUpMilliseconds;
    } catch (error) {
      logger.error({ err: error }, "expired rows could not be removed");
      return afterFailureMilliseconds;
    }
  }

  return { stop: () => clearTimeout(timer) };
}
