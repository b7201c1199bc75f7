const rounds = 5;
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
 * time, and a server that is held up is held up at every attempt.
 */
export async function slowdownBy(request: () => Promise<void>, begin: () => Promise<Burden>): Promise<number> {
  await bestP99(request);
  const slowdowns: number[] = [];
  do {
    const without = await bestP99(request);
    const burden = await begin();
    const beside = await bestP99(request);
    await burden.end();
    slowdowns.push(beside / without);
  } while (Math.min(...slowdowns) > 2 && slowdowns.length < 4);
  return Math.min(...slowdowns);
}
