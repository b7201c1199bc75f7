import type { TenantId } from "@signet/protocol";
import { OutboundError } from "../outbound-error.ts";

export interface LaneLimits {
  /** How many run at a time. */
  readonly maximum: number;
  /** How many of them for one host. */
  readonly maximumPerHost: number;
  /** How many of them for one tenant, whatever the hosts. */
  readonly maximumPerTenant: number;
  /** How many wait. */
  readonly maximumWaiting: number;
  readonly maximumWaitingPerHost: number;
  readonly maximumWaitingPerTenant: number;
}

/** Whom a request goes to, and for whose client. */
export interface Lane {
  readonly host: string;
  readonly tenant: TenantId;
}

interface Waiting extends Lane {
  readonly start: () => void;
}

/** Bounds on what goes on at a time, altogether, for one host and for one tenant: a host, or a tenant with many hosts, that hangs holds up itself, and not the others. */
export class Lanes {
  readonly #limits: LaneLimits;
  readonly #ofHosts = new Counts<string>();
  readonly #ofTenants = new Counts<TenantId>();
  readonly #waiting = new Set<Waiting>();
  #total = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /**
   * Runs the task once there is room for it.
   * @throws OutboundError busy where too many wait already, or its time was over before its turn came; the signal's reason where it aborts otherwise before the
   * task has begun
   */
  async run<Outcome>(lane: Lane, signal: AbortSignal, task: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#hasRoomFor(lane)) this.#enter(lane);
    else await this.#turn(lane, signal);
    try {
      return await task();
    } finally {
      this.#leave(lane);
    }
  }

  #hasRoomFor({ host, tenant }: Lane): boolean {
    const { maximum, maximumPerHost, maximumPerTenant } = this.#limits;
    return this.#total < maximum && this.#ofHosts.of(host) < maximumPerHost && this.#ofTenants.of(tenant) < maximumPerTenant;
  }

  #enter({ host, tenant }: Lane): void {
    this.#total++;
    this.#ofHosts.add(host);
    this.#ofTenants.add(tenant);
  }

  #leave({ host, tenant }: Lane): void {
    this.#total--;
    this.#ofHosts.remove(host);
    this.#ofTenants.remove(tenant);
    this.#admit();
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (this.#total >= this.#limits.maximum) return;
      if (!this.#hasRoomFor(waiting)) continue;
      this.#waiting.delete(waiting);
      this.#enter(waiting);
      waiting.start();
    }
  }

  #turn(lane: Lane, signal: AbortSignal): Promise<void> {
    this.#requirePlace(lane);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(reasonOf(signal, lane));
      };
      const waiting: Waiting = {
        ...lane,
        start: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** @throws OutboundError busy */
  #requirePlace({ host, tenant }: Lane): void {
    const { maximumWaiting, maximumWaitingPerHost, maximumWaitingPerTenant } = this.#limits;
    let [ofHost, ofTenant] = [0, 0];
    for (const waiting of this.#waiting) {
      if (waiting.host === host) ofHost++;
      if (waiting.tenant === tenant) ofTenant++;
    }
    if (this.#waiting.size < maximumWaiting && ofHost < maximumWaitingPerHost && ofTenant < maximumWaitingPerTenant) return;
    throw new OutboundError("busy", `too many requests are waiting, ${ofHost} of them for ${host}, ${ofTenant} for its tenant`);
  }
}

/** Whoever was never asked has not taken too long: that says nothing about the host, and must not be remembered of it. */
function reasonOf({ reason }: AbortSignal, { host }: Lane): unknown {
  if (!(reason instanceof OutboundError)) return reason;
  return new OutboundError("busy", `its turn did not come, for ${host}: ${reason.message}`, { cause: reason });
}

/** How many there are of each; nothing is kept of what there are none of. */
class Counts<Key> {
  readonly #counts = new Map<Key, number>();

  of(key: Key): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: Key): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  remove(key: Key): void {
    const left = this.of(key) - 1;
    if (left <= 0) this.#counts.delete(key);
    else this.#counts.set(key, left);
  }
}
