import { isIP } from "node:net";
import { ClientError, Status } from "nice-grpc-common";
import { untilAborted } from "../client/abort.ts";
import type { Carrier } from "../client/carrier.ts";
import { longestPauseMilliseconds } from "../limits.ts";
import { backOffMilliseconds, randomShare } from "../stack/backoff.ts";
import { WindowFullError } from "../stack/retry.ts";
import type { Replica, ReplicaEvents } from "./replica.ts";

/** The addresses behind a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Hears of each server that could not be reached or was lost. What it is told is for logs. */
export type ConnectionListener = (lost: { readonly host: string; readonly address: string; readonly details: string }) => void;

export interface ReplicaSetOptions {
  readonly host: string;
  readonly lookup: Lookup;
  /** How often the name is looked up again while nothing is wrong. */
  readonly lookupMilliseconds: number;
  /** How many calls may wait for the first connection. */
  readonly maximumWaiting: number;
  readonly onLost?: ConnectionListener | undefined;
  open(address: string, events: ReplicaEvents): Replica;
}

export interface ReplicaSet extends Carrier {
  close(): void;
}

/**
 * How long a call waits while a connection is being made. A short break is bridged; a server that accepts connections and then says nothing, because it
 * stands still, is told of long before the deadline.
 */
const patienceMilliseconds = 250;

/**
 * All servers behind one name, sharing the calls round-robin. A call waits for a moment while a connection is being made, and fails with UNAVAILABLE at
 * once where the last attempt failed, or where each server that is there has as many outstanding calls as it may have.
 */
export function createReplicaSet({
  host,
  lookup,
  lookupMilliseconds,
  maximumWaiting,
  onLost,
  open,
}: ReplicaSetOptions): ReplicaSet {
  const replicas = new Map<string, Replica>();
  const draining = new Set<Replica>();
  let order: readonly Replica[] = [];
  let next = 0;
  let waiting = 0;
  let changed = Promise.withResolvers<void>();
  let isClosed = false;
  let isLookingUp = false;
  let failedLookups = 0;
  let timer: NodeJS.Timeout | undefined;

  function onChange(): void {
    const { resolve } = changed;
    changed = Promise.withResolvers();
    resolve();
  }

  function lookUpAfter(milliseconds: number): void {
    // An address stands for itself for ever.
    if (isClosed || isLookingUp || isIP(host) !== 0) return;
    clearTimeout(timer);
    timer = setTimeout(lookUp, milliseconds);
  }

  function eventsOf(address: string): ReplicaEvents {
    return {
      onChange,
      onLost(details) {
        onLost?.({ host, address, details });
        lookUpAfter(backOffMilliseconds(1, longestPauseMilliseconds, randomShare()));
      },
    };
  }

  function use(addresses: readonly string[]): void {
    for (const [address, replica] of replicas) {
      if (addresses.includes(address)) continue;
      replicas.delete(address);
      draining.add(replica);
      void replica.drain().then(() => draining.delete(replica));
    }
    for (const address of addresses) if (!replicas.has(address)) replicas.set(address, open(address, eventsOf(address)));
    order = [...replicas.values()];
  }

  async function lookUp(): Promise<void> {
    isLookingUp = true;
    // A name service that is away, or knows nobody, takes nothing from the connections that stand.
    const addresses = isIP(host) === 0 ? await lookup(host).catch(() => []) : [host];
    isLookingUp = false;
    if (isClosed) return;
    failedLookups = addresses.length > 0 ? 0 : failedLookups + 1;
    if (addresses.length > 0) use(addresses);
    onChange();
    lookUpAfter(
      failedLookups === 0 ? lookupMilliseconds : backOffMilliseconds(failedLookups, longestPauseMilliseconds, randomShare()),
    );
  }

  /** The next one that takes a call; undefined where there is none. */
  function pick(): Replica | undefined {
    for (let tried = 0; tried < order.length; tried += 1) {
      next = (next + 1) % order.length;
      const replica = order[next];
      if (replica?.availability === "ready" && replica.hasRoom) return replica;
    }
    return undefined;
  }

  function isWorthWaiting(): boolean {
    if (isClosed) return false;
    return order.length === 0 ? failedLookups === 0 : order.some(({ availability }) => availability === "connecting");
  }

  /** A server that does not know this caller is no reason to try again later. */
  function unreachable(path: string): ClientError {
    return order.some(({ failure }) => failure?.status === Status.UNAUTHENTICATED)
      ? new ClientError(path, Status.UNAUTHENTICATED, "a service token is required")
      : new ClientError(path, Status.UNAVAILABLE, "the service cannot be reached");
  }

  async function wait(path: string, signal: AbortSignal | undefined): Promise<Replica> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(unreachable(path)), patienceMilliseconds);
    try {
      return await untilPicked(path, signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]));
    } finally {
      clearTimeout(timer);
    }
  }

  async function untilPicked(path: string, signal: AbortSignal): Promise<Replica> {
    for (;;) {
      const replica = pick();
      if (replica !== undefined) return replica;
      if (order.some(({ availability }) => availability === "ready") || waiting >= maximumWaiting) {
        throw new WindowFullError(path, Status.UNAVAILABLE, "too many calls are outstanding");
      }
      if (!isWorthWaiting()) throw unreachable(path);
      waiting += 1;
      try {
        await untilAborted(changed.promise, path, signal);
      } finally {
        waiting -= 1;
      }
    }
  }

  void lookUp();
  return {
    unary(path, request, options) {
      const replica = pick();
      if (replica !== undefined) return replica.unary(path, request, options);
      return wait(path, options.life.signal).then((found) => found.unary(path, request, options));
    },
    async *serverStreaming(path, request, options) {
      const replica = pick() ?? (await wait(path, options.signal));
      yield* replica.serverStreaming(path, request, options);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const replica of [...order, ...draining]) replica.close();
      order = [];
      onChange();
    },
  };
}
