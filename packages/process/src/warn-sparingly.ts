import type { Logger } from "@signet/telemetry";

const silenceMilliseconds = 10_000;

/**
 * Logs what is tried again and again at the first failure, and after that once in ten seconds, with how many failed in between: while something is away, the
 * log is for saying so and not for counting attempts.
 */
export function warnSparingly(
  logger: Pick<Logger, "warn">,
  message: string,
  elapsed: () => number = () => performance.now(),
): (details: object) => void {
  let silentUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (details) => {
    if (elapsed() < silentUntil) {
      unsaid += 1;
      return;
    }
    logger.warn(unsaid === 0 ? details : { ...details, unsaid }, message);
    silentUntil = elapsed() + silenceMilliseconds;
    unsaid = 0;
  };
}
