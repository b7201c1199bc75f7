import { backOff } from "@signet/rpc";
import { longestPauseMilliseconds } from "./longest-pause.ts";

/** What others have to be told, each until they have taken it. */
export interface Notices {
  /** Runs `deliver`, again after a while for as long as it fails. */
  tell(deliver: () => void | Promise<void>): void;
  /** Resolves once none is under way. */
  settled(): Promise<void>;
}

/** So many are given at a time: after a start there may be one of each tenant that was ever deleted. */
const maximumUnderWay = 8;

/** `onError` hears of each failure; none is begun or tried again once `signal` has aborted. */
export function createNotices(onError: (error: unknown) => void, signal: AbortSignal): Notices {
  const underWay = new Set<Promise<void>>();
  const turns: (() => void)[] = [];
  let taken = 0;

  /** Gives it once fewer than the maximum are being given. One that waits to be tried again takes nobody's turn. */
  async function deliverInTurn(deliver: () => void | Promise<void>): Promise<void> {
    if (taken < maximumUnderWay) taken++;
    else await new Promise<void>((resolve) => turns.push(resolve));
    try {
      if (!signal.aborted) await deliver();
    } finally {
      const next = turns.shift();
      if (next === undefined) taken--;
      else next();
    }
  }

  async function deliverUntilTaken(deliver: () => void | Promise<void>): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        return await deliverInTurn(deliver);
      } catch (error) {
        onError(error);
      }
      await backOff(failures, longestPauseMilliseconds, signal);
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
