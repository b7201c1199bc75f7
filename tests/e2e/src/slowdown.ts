const rounds = 3;
/** No further attempt after so long. What else the machine does passes; a server that is held up stays so. */
const patienceMilliseconds = 100_000;
const requestsPerRound = 200;

/** The 99th percentile of a request's duration, in the best of a few rounds: what else the machine does is in the worst. */
async function bestP99(request: () => Promise<void>): Promise<number> {
  const percentiles: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const durations: number[] = [];
    for (let count = 0; count < requestsPerRound; count++) {
      const start = performance.now();
      await request();
      durations.push(performance.now() - start);
    }
    durations.sort((one, other) => one - other);
    percentiles.push(durations[Math.ceil(requestsPerRound * 0.99) - 1] ?? Number.POSITIVE_INFINITY);
  }
  return Math.min(...percentiles);
}

/** What goes on while others are measured. */
export interface Burden {
  /** Ends it. @throws Error where it has not been there all the while */
  end(): Promise<void> | void;
}

/**
 * How many times longer `request` takes beside a burden than without it, at the 99th percentile, in the best of a few attempts: other test files run at the same
 * time, and a server that is held up is held up at every attempt. What takes no longer than `ownMilliseconds` counts as no slower: so long the test itself may be at
 * work in between, where it is in the server's process.
 */
export async function slowdownBy(
  request: () => Promise<void>,
  begin: () => Promise<Burden>,
  ownMilliseconds = 0,
): Promise<number> {
  await bestP99(request);
  const slowdowns: number[] = [];
  const end = performance.now() + patienceMilliseconds;
  do {
    const without = await bestP99(request);
    const burden = await begin();
    const beside = await bestP99(request);
    await burden.end();
    slowdowns.push(beside <= ownMilliseconds ? 1 : beside / without);
  } while (Math.min(...slowdowns) > 2 && performance.now() < end);
  return Math.min(...slowdowns);
}
