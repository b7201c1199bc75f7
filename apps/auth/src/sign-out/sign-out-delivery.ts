import { type ClientId, later, type Tenant, type TenantId } from "@signet/protocol";
import type { BusyReceivers, ClaimedSignOutTask } from "@signet/storage";
import { performTask, type TaskDependencies } from "./perform-task.ts";

/** Does what is left to do after sign-outs, beside whatever else the process does. Any number of processes may do so on the same stores. */
export interface SignOutDelivery {
  start(): void;
  /** There is something to do: looks at once instead of within a second. */
  wake(): void;
  /** Clients of the tenant are to be told: sees to it soon that no more of that waits than may, so that what is kept is bounded. */
  added(tenant: Pick<Tenant, "id" | "name">): void;
  /** Breaks off what is under way; it is done again soon, by whoever is there then. */
  close(): Promise<void>;
}

export interface SignOutDeliveryOptions extends TaskDependencies {
  /** Hears that the tasks could not be looked at, or settled. */
  readonly onError: (error: unknown) => void;
  /** Hears that so many clients of the tenant will not be told of sign-outs: those that waited longest, where too many did. */
  readonly onCrowdedOut: (tenant: Pick<Tenant, "id" | "name">, count: number) => void;
  readonly limits?: Partial<SignOutDeliveryLimits>;
}

export interface SignOutDeliveryLimits {
  /** How much is done at a time. */
  readonly atOnce: number;
  /** How many clients of one tenant are told at a time: so many hang, however many there are, and other tenants' are told as ever. */
  readonly atOncePerTenant: number;
  /** How often one client is told at a time. */
  readonly atOncePerClient: number;
  /** How many clients of one tenant may wait to be told, counted once for each session. */
  readonly waitingPerTenant: number;
}

const lookEveryMilliseconds = 1000;
/** Longer than a task may take: its receiver's time and a few calls between services. */
const leaseMilliseconds = 30_000;
const defaultLimits: SignOutDeliveryLimits = {
  atOnce: 64,
  atOncePerTenant: 8,
  atOncePerClient: 2,
  waitingPerTenant: 10_000,
};

export function createSignOutDelivery(options: SignOutDeliveryOptions): SignOutDelivery {
  return new Delivery(options);
}

class Delivery implements SignOutDelivery {
  readonly #options: SignOutDeliveryOptions;
  readonly #limits: SignOutDeliveryLimits;
  readonly #closing = new AbortController();
  readonly #running = new Map<Promise<void>, ClaimedSignOutTask>();
  readonly #grown = new Map<TenantId, Pick<Tenant, "id" | "name">>();
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #looking: Promise<void> | undefined;
  #isWoken = false;

  constructor(options: SignOutDeliveryOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  wake(): void {
    if (!this.#isStarted || this.#closing.signal.aborted) return;
    this.#isWoken = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isWoken) this.wake();
      else this.#timer = setTimeout(() => this.wake(), lookEveryMilliseconds).unref();
    });
  }

  added(tenant: Pick<Tenant, "id" | "name">): void {
    this.#grown.set(tenant.id, tenant);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
    clearTimeout(this.#timer);
    await Promise.all(this.#running.keys());
  }

  /** Takes on whatever is due, as far as there is room. */
  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isWoken = false;
    try {
      await this.#makeRoom();
      while (this.#running.size < this.#limits.atOnce && !this.#closing.signal.aborted) {
        const task = await this.#claim();
        if (task === undefined) return;
        this.#take(task);
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #makeRoom(): Promise<void> {
    const tenants = [...this.#grown.values()];
    this.#grown.clear();
    for (const tenant of tenants) {
      const count = await this.#options.stores.signOutTasks.removeOldest(tenant.id, this.#limits.waitingPerTenant);
      if (count > 0) this.#options.onCrowdedOut(tenant, count);
    }
  }

  #claim(): Promise<ClaimedSignOutTask | undefined> {
    const { stores, clock } = this.#options;
    const now = clock();
    return stores.signOutTasks.claim(now, later(now, leaseMilliseconds), this.#busy());
  }

  #take(task: ClaimedSignOutTask): void {
    const performing = performTask(task, this.#closing.signal, this.#options)
      .catch(this.#options.onError)
      .finally(() => {
        this.#running.delete(performing);
        this.wake();
      });
    this.#running.set(performing, task);
  }

  /** What ends grants waits for nobody, and counts against no tenant's share. */
  #busy(): BusyReceivers {
    const [clients, tenants] = [new Map<ClientId, number>(), new Map<TenantId, number>()];
    for (const { clientId, tenantId } of this.#running.values()) {
      if (clientId === undefined) continue;
      clients.set(clientId, (clients.get(clientId) ?? 0) + 1);
      tenants.set(tenantId, (tenants.get(tenantId) ?? 0) + 1);
    }
    const { atOncePerClient, atOncePerTenant } = this.#limits;
    return { clients: ofAtLeast(atOncePerClient, clients), tenants: ofAtLeast(atOncePerTenant, tenants) };
  }
}

function ofAtLeast<Key>(least: number, counts: ReadonlyMap<Key, number>): readonly Key[] {
  return [...counts].flatMap(([key, count]) => (count >= least ? [key] : []));
}
