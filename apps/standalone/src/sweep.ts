import type { Clock } from "@signet/protocol";
import type { EmbeddedStores } from "@signet/storage-embedded";
import type { Logger } from "@signet/telemetry";

const intervalMilliseconds = 30_000;

/** Reclaims from time to time the space of what has expired. Nothing depends on it: expiry is checked on every read. */
export function startSweep(stores: EmbeddedStores, clock: Clock, logger: Logger): { stop(): void } {
  const timer = setInterval(() => {
    try {
      stores.sweep(clock());
    } catch (error) {
      logger.error({ err: error }, "expired rows could not be removed");
    }
  }, intervalMilliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
