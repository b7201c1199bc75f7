import { OutboundError } from "../outbound-error.ts";

export interface LaneLimits {
  /** How many run at a time. */
  readonly maximum: number;
  /** How many of them for one host. */
  readonly maximumPerHost: number;
  /** How many wait. */
  readonly maximumWaiting: number;
  readonly maximumWaitingPerHost: number;
}

interface Waiting {
  readonly host: string;
  readonly start: () => void;
}

/** Bounds on what goes on at a time, altogether and for one host: a host that hangs holds up itself, and not the others. */
export class Lanes {
  readonly #limits: LaneLimits;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #total = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /**
   * Runs the task once there is room for it.
   * @throws OutboundError busy where too many wait already; the signal's reason where it aborts before the task has begun
   */
  async run<Outcome>(host: string, signal: AbortSignal, task: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#hasRoomFor(host)) this.#enter(host);
    else await this.#turn(host, signal);
    try {
      return await task();
    } finally {
      this.#leave(host);
    }
  }

  #hasRoomFor(host: string): boolean {
    return this.#total < this.#limits.maximum && (this.#running.get(host) ?? 0) < this.#limits.maximumPerHost;
  }

  #enter(host: string): void {
    this.#total++;
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1);
  }

  #leave(host: string): void {
    this.#total--;
    const left = (this.#running.get(host) ?? 1) - 1;
    if (left === 0) this.#running.delete(host);
    else this.#running.set(host, left);
    this.#admit();
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (this.#total >= this.#limits.maximum) return;
      if (!this.#hasRoomFor(waiting.host)) continue;
      this.#waiting.delete(waiting);
      this.#enter(waiting.host);
      waiting.start();
    }
  }

  #turn(host: string, signal: AbortSignal): Promise<void> {
    let ofHost = 0;
    for (const waiting of this.#waiting) if (waiting.host === host) ofHost++;
    if (this.#waiting.size >= this.#limits.maximumWaiting || ofHost >= this.#limits.maximumWaitingPerHost) {
      throw new OutboundError("busy", `too many requests are waiting, ${ofHost} of them for ${host}`);
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        host,
        start: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(waiting);
    });
  }
}
