import { ResourceError } from "@signet/protocol";

export interface BoundedPoolOptions {
  /** How many tasks run at a time. */
  readonly concurrency: number;
  /** How many more may wait. */
  readonly maximumWaiting: number;
}

export interface BoundedPool {
  /** Runs a task once there is room for it, in the order of the calls. Throws ResourceError unavailable at once where too many wait already. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** How many tasks wait at the moment. */
  readonly waiting: number;
}

/** An empty pool. */
export function boundedPool({ concurrency, maximumWaiting }: BoundedPoolOptions): BoundedPool {
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(task) {
      if (running < concurrency) running++;
      else if (waiting.length < maximumWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
      else throw new ResourceError("unavailable", "too many sign-ins at the moment");
      try {
        return await task();
      } finally {
        // Whoever waits takes this one's room, so that nobody slips in between.
        const next = waiting.shift();
        if (next === undefined) running--;
        else next();
      }
    },
    get waiting() {
      return waiting.length;
    },
  };
}
