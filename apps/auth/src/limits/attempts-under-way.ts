/** How an attempt ended: whether it left room for others. */
export type Ending = "right" | "wrong" | "not evaluated";

/** Attempts that this process evaluates at the moment, and those that wait for their outcome, by what they count against. */
export interface AttemptsUnderWay {
  /** An attempt begins to be evaluated; to be called once it has ended. */
  begin(bucket: string): (ending: Ending) => void;
  /** Resolves with true once one of those under way may have left room, or none is under way any more; false at once where there is nothing to wait for, or too many wait already. */
  wait(bucket: string): Promise<boolean>;
}

interface UnderWay {
  running: number;
  readonly waiting: (() => void)[];
}

/** More of one account, or from one address, do not come at once by accident. */
const maximumWaiting = 64;

export function attemptsUnderWay(): AttemptsUnderWay {
  const known = new Map<string, UnderWay>();

  function end(bucket: string, underWay: UnderWay, ending: Ending): void {
    underWay.running -= 1;
    const isLast = underWay.running === 0;
    if (isLast) known.delete(bucket);
    // A right one makes room for many, a wrong one for none: then only that there is nobody left to wait for is news.
    const woken = isLast || ending === "right" ? underWay.waiting.length : ending === "wrong" ? 0 : 1;
    for (const wake of underWay.waiting.splice(0, woken)) wake();
  }

  return {
    begin(bucket) {
      const underWay = known.get(bucket) ?? { running: 0, waiting: [] };
      known.set(bucket, underWay);
      underWay.running += 1;
      return (ending) => end(bucket, underWay, ending);
    },
    async wait(bucket) {
      const underWay = known.get(bucket);
      if (underWay === undefined || underWay.waiting.length >= maximumWaiting) return false;
      await new Promise<void>((resolve) => underWay.waiting.push(resolve));
      return true;
    },
  };
}
