import { randomBytes } from "node:crypto";
import type { Change, ChangeFeed, FeedEvent, FeedPosition } from "@signet/storage";

/** How many changes are remembered for those who resume or lag behind. */
const capacity = 1024;

/**
 * A feed within this process. Positions carry the feed's own random name, so that one from an earlier process is not mistaken for one of this feed.
 */
export function embeddedChangeFeed(): ChangeFeed {
  const name = randomBytes(8).toString("hex");
  const positionShape = new RegExp(`^${name}-([0-9]{1,15})$`);
  /** The change of number `n` stands at `n % capacity`. */
  const remembered: Change[] = [];
  /** The number of the next change. */
  let next = 0;
  const waiting = new Set<() => void>();

  const positionAt = (number: number): FeedPosition => `${name}-${number}`;
  const isRemembered = (number: number) => number >= next - capacity && number <= next;

  function numberOf(position: FeedPosition | undefined): number | undefined {
    const digits = position === undefined ? undefined : positionShape.exec(position)?.[1];
    const number = Number(digits ?? Number.NaN);
    return isRemembered(number) ? number : undefined;
  }

  async function* eventsFrom(resumedAt: number | undefined, begin: number, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    let at = resumedAt ?? begin;
    yield { kind: "ready", position: positionAt(at), resumed: resumedAt !== undefined };
    while (!signal.aborted) {
      if (!isRemembered(at)) {
        at = next;
        yield { kind: "ready", position: positionAt(at), resumed: false };
      } else if (at < next) {
        const change = remembered[at % capacity];
        at += 1;
        if (change !== undefined) yield { kind: "changed", position: positionAt(at), change };
      } else await changedOrAborted(signal);
    }
  }

  function changedOrAborted(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      signal.removeEventListener("abort", wake);
      waiting.delete(wake);
      resolve();
    };
    signal.addEventListener("abort", wake);
    waiting.add(wake);
    return promise;
  }

  return {
    async publish(change) {
      remembered[next % capacity] = change;
      next += 1;
      for (const wake of waiting) wake();
    },
    subscribe(position, signal) {
      return eventsFrom(numberOf(position), next, signal);
    },
  };
}
