import { type ClientId, later } from "@signet/protocol";
import type { ClaimedSignOutTask } from "@signet/storage";
import { performTask, type TaskDependencies } from "./perform-task.ts";

/** Does what is left to do after sign-outs, beside whatever else the process does. Any number of processes may do so on the same stores. */
export interface SignOutDelivery {
  start(): void;
  /** There is something to do: looks at once instead of within a second. */
  wake(): void;
  /** Breaks off what is under way; it is done again soon, by whoever is there then. */
  close(): Promise<void>;
}

export interface SignOutDeliveryOptions extends TaskDependencies {
  /** Hears that the tasks could not be looked at, or settled. */
  readonly onError: (error: unknown) => void;
}

const lookEveryMilliseconds = 1000;
/** Longer than a task may take: its receiver's time and a few calls between services. */
const leaseMilliseconds = 30_000;
const maximumAtOnce = 64;
/** One client that hangs takes no more than this of all there is. */
const maximumAtOncePerClient = 4;

export function createSignOutDelivery(options: SignOutDeliveryOptions): SignOutDelivery {
  return new Delivery(options);
}

class Delivery implements SignOutDelivery {
  readonly #options: SignOutDeliveryOptions;
  readonly #closing = new AbortController();
  readonly #running = new Map<Promise<void>, ClientId | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #looking: Promise<void> | undefined;
  #isWoken = false;

  constructor(options: SignOutDeliveryOptions) {
    this.#options = options;
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
      while (this.#running.size < maximumAtOnce && !this.#closing.signal.aborted) {
        const task = await this.#claim();
        if (task === undefined) return;
        this.#take(task);
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #claim(): Promise<ClaimedSignOutTask | undefined> {
    const { stores, clock } = this.#options;
    const now = clock();
    return stores.signOutTasks.claim(now, later(now, leaseMilliseconds), this.#busyClients());
  }

  #take(task: ClaimedSignOutTask): void {
    const performing = performTask(task, this.#closing.signal, this.#options)
      .catch(this.#options.onError)
      .finally(() => {
        this.#running.delete(performing);
        this.wake();
      });
    this.#running.set(performing, task.clientId);
  }

  #busyClients(): readonly ClientId[] {
    const counts = new Map<ClientId, number>();
    for (const client of this.#running.values()) if (client !== undefined) counts.set(client, (counts.get(client) ?? 0) + 1);
    return [...counts].flatMap(([client, count]) => (count >= maximumAtOncePerClient ? [client] : []));
  }
}
