const silenceMilliseconds = 10_000;

/**
 * Logs what is tried again and again at the first failure, and after that once in ten seconds, with how many failed in between: while something is away, the
 * log is for saying so and not for counting attempts.
 */
export function warnSparingly(
  logger: { warn(members: object, message: string): void },
  message: string,
  elapsed: () => number = () => performance.now(),
): (err: unknown) => void {
  let silentUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (err) => {
    if (elapsed() < silentUntil) {
      unsaid += 1;
      return;
    }
    logger.warn({ err, ...(unsaid > 0 && { unsaid }) }, message);
    silentUntil = elapsed() + silenceMilliseconds;
    unsaid = 0;
  };
}
