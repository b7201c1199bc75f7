import { type Clock, type Instant, instant, later } from "@signet/protocol";

/** What the clock of another machine shows, reckoned on from when it was heard last. */
export interface HeardClock {
  hear(time: Instant): void;
  /** Undefined before it was heard. */
  read(): Instant | undefined;
}

export function heardClock(elapsed: () => number = () => performance.now()): HeardClock {
  let heard: { readonly time: Instant; readonly at: number } | undefined;
  return {
    hear: (time) => {
      heard = { time, at: elapsed() };
    },
    read: () => heard && later(heard.time, Math.floor(elapsed() - heard.at)),
  };
}

export interface AgreedClockOptions {
  readonly own: Clock;
  /** The clocks of two other machines. While one of them is not known, the own one is taken as it is. */
  readonly others: readonly [() => Instant | undefined, () => Instant | undefined];
}

/** A machine whose clock is kept by NTP is a few milliseconds from the others. */
const rightMilliseconds = 5000;

/**
 * A clock that is five seconds at most from what two of the three show: so replicas whose machines' clocks are minutes apart agree when something expires, and no
 * one of the three can lead the others astray. Own and right, it is taken as it is; astray, the middle of the three is.
 */
export function agreedClock({ own, others: [one, other] }: AgreedClockOptions): Clock {
  return () => {
    const told = own();
    const [first, second] = [one(), other()];
    if (first === undefined || second === undefined) return told;
    // One other that agrees is enough: the two of them are two of the three.
    if (isNear(told, first) || isNear(told, second)) return told;
    return instant(Math.max(Math.min(told, first), Math.min(Math.max(told, first), second)));
  };
}

function isNear(one: Instant, other: Instant): boolean {
  return Math.abs(one - other) <= rightMilliseconds;
}
