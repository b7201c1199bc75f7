import { backOff } from "./backoff.ts";

/** What others have to be told, each until they have taken it. */
export interface Notices {
  /** Runs `deliver`, again after a while for as long as it fails. */
  tell(deliver: () => void | Promise<void>): void;
  /** Resolves once none is under way. */
  settled(): Promise<void>;
}

/** `onError` hears of each failure; none is tried again once `signal` has aborted. */
export function createNotices(onError: (error: unknown) => void, signal: AbortSignal): Notices {
  const underWay = new Set<Promise<void>>();

  async function deliverUntilTaken(deliver: () => void | Promise<void>): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        return await deliver();
      } catch (error) {
        onError(error);
      }
      await backOff(failures, signal);
      if (signal.aborted) return;
    }
  }

  return {
    tell(deliver) {
      const delivery = deliverUntilTaken(deliver).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
