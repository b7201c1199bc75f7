import { ResourceError } from "@signet/protocol";
import type { Stores } from "./stores.ts";

/** Hears of each operation of each store. Where there is none, nothing is wrapped, and an operation pays nothing. */
export interface StoreObserver {
  /** An operation begins: the port's name in `Stores`, and the verb's in the port. */
  begin(store: string, verb: string): ObservedOperation;
}

export interface ObservedOperation {
  /** Does the operation's work, which gets to know that it is a part of it. */
  run<Result>(work: () => Result): Result;
  /** The operation is over: `ok`, the kind of a resource error such as `unavailable`, or `error`. */
  end(outcome: string): void;
}

type Verb = (...parameters: unknown[]) => unknown;

/** The ports, in the order of `Stores`; one that is missing does not compile. */
const ports: Readonly<Record<keyof Stores, true>> = {
  tenants: true,
  clients: true,
  initialAccessTokens: true,
  administration: true,
  registryDataKeys: true,
  subjectSecrets: true,
  changes: true,
  users: true,
  consents: true,
  sessions: true,
  interactions: true,
  codes: true,
  signOutTasks: true,
  grants: true,
  accessTokens: true,
  replays: true,
  signingKeys: true,
  tokenDataKeys: true,
  rateLimits: true,
  refusals: true,
};

/** The stores, each operation of each port observed. What else is beside them, such as `close`, stays as it is. */
export function observedStores<Some extends Partial<Stores>>(stores: Some, observer: StoreObserver | undefined): Some {
  if (observer === undefined) return stores;
  const observed: Record<string, unknown> = {};
  for (const port of Object.keys(ports)) {
    if (Object.hasOwn(stores, port))
      observed[port] = observedPort(port, (stores as Record<string, object>)[port] ?? {}, observer);
  }
  return { ...stores, ...observed };
}

function observedPort(name: string, port: object, observer: StoreObserver): object {
  const observed: Record<string, Verb> = {};
  for (const [verb, operation] of Object.entries(port) as [string, Verb][]) {
    observed[verb] = (...parameters) => observe(observer.begin(name, verb), () => operation.apply(port, parameters));
  }
  return observed;
}

function observe(operation: ObservedOperation, work: () => unknown): unknown {
  try {
    const result = operation.run(work);
    if (result instanceof Promise) return settled(operation, result);
    // A stream, such as a subscription: how long it is read is nobody's delay.
    operation.end("ok");
    return result;
  } catch (error) {
    operation.end(outcomeOf(error));
    throw error;
  }
}

async function settled(operation: ObservedOperation, running: Promise<unknown>): Promise<unknown> {
  try {
    const result = await running;
    operation.end("ok");
    return result;
  } catch (error) {
    operation.end(outcomeOf(error));
    throw error;
  }
}

function outcomeOf(error: unknown): string {
  return error instanceof ResourceError ? error.kind : "error";
}
