import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { registerProcessMetrics } from "./process-metrics.ts";

/** Which end of a call between services. */
export type Side = "server" | "client";

/** The numbers that Prometheus reads. No label of theirs has a value that comes from outside. */
export interface Metrics {
  readonly registry: Registry;
  requestBegan(): void;
  requestEnded(endpoint: string, method: string, status: number, seconds: number): void;
  callBegan(side: Side, service: string): void;
  callEnded(side: Side, service: string, method: string, outcome: string, seconds: number): void;
  operationBegan(store: string): void;
  operationEnded(store: string, verb: string, outcome: string, seconds: number): void;
  lookedUp(cache: string, isHit: boolean): void;
  keysChanged(reason: string): void;
  signOutsUntold(reason: string, count: number): void;
  /** From now on, `length` is asked for whenever the metrics are. */
  watchQueue(name: string, length: () => number): void;
  /** Measures no more. */
  stop(): void;
}

const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const innerBuckets = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function createMetrics(program: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const stop = registerProcessMetrics(registry);
  new Gauge({ name: "signet_info", help: "The program that this is; always 1.", labelNames: ["program", "node"], registers }).set(
    { program, node: process.version },
    1,
  );

  const requests = series(registry, {
    total: { name: "signet_http_requests_total", help: "HTTP requests answered.", outcome: "status" },
    duration: {
      name: "signet_http_request_duration_seconds",
      help: "From a request's beginning until its reply was written.",
      buckets: requestBuckets,
    },
    labels: ["endpoint", "method"],
  });
  const requestsInFlight = new Gauge({
    name: "signet_http_requests_in_flight",
    help: "HTTP requests not answered yet.",
    registers,
  });

  const calls = { server: callMetrics(registry, "server"), client: callMetrics(registry, "client") };

  const operations = series(registry, {
    total: { name: "signet_store_operations_total", help: "Operations of stores.", outcome: "outcome" },
    duration: {
      name: "signet_store_operation_duration_seconds",
      help: "How long operations of stores took, waiting for their turn included.",
      buckets: innerBuckets,
    },
    labels: ["store", "verb"],
  });
  const operationsInFlight = inFlight(
    registry,
    "signet_store_operations_in_flight",
    "Operations of stores under way or waiting.",
    "store",
  );

  const lookUps = new Counter({
    name: "signet_cache_lookups_total",
    help: "What was looked up in a cache.",
    labelNames: ["cache", "result"],
    registers,
  });
  const hits = remembered((cache) => lookUps.labels(cache, "hit"));
  const misses = remembered((cache) => lookUps.labels(cache, "miss"));
  const keyChanges = new Counter({
    name: "signet_signing_key_changes_total",
    help: "Signing keys that this process has published or revoked.",
    labelNames: ["reason"],
    registers,
  });
  const untold = new Counter({
    name: "signet_sign_outs_untold_total",
    help: "Sign-outs of which an application will not be told.",
    labelNames: ["reason"],
    registers,
  });
  const queues = new Map<string, () => number>();
  new Gauge({
    name: "signet_queue_length",
    help: "How many wait in a queue.",
    labelNames: ["queue"],
    registers,
    collect() {
      for (const [queue, length] of queues) this.set({ queue }, length());
    },
  });

  return {
    registry,
    requestBegan: () => requestsInFlight.inc(),
    requestEnded(endpoint, method, status, seconds) {
      requestsInFlight.dec();
      requests(endpoint, methods.has(method) ? method : "other").ended(String(status), seconds);
    },
    callBegan: (side, service) => calls[side].inFlight(service).inc(),
    callEnded(side, service, method, outcome, seconds) {
      calls[side].inFlight(service).dec();
      calls[side].ended(service, method).ended(outcome, seconds);
    },
    operationBegan: (store) => operationsInFlight(store).inc(),
    operationEnded(store, verb, outcome, seconds) {
      operationsInFlight(store).dec();
      operations(store, verb).ended(outcome, seconds);
    },
    keysChanged: (reason) => keyChanges.inc({ reason }),
    signOutsUntold: (reason, count) => untold.inc({ reason }, count),
    lookedUp: (cache, isHit) => (isHit ? hits : misses)(cache).inc(),
    watchQueue: (name, length) => void queues.set(name, length),
    stop,
  };
}

/** Node's parser knows some thirty more, and anybody can send them. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function callMetrics(registry: Registry, side: Side) {
  const end = side === "server" ? "served" : "made";
  return {
    ended: series(registry, {
      total: {
        name: `signet_rpc_${side}_calls_total`,
        help: `Calls between services that this process has ${end}.`,
        outcome: "outcome",
      },
      duration: {
        name: `signet_rpc_${side}_call_duration_seconds`,
        help: `How long the calls took that this process has ${end}.`,
        buckets: innerBuckets,
      },
      labels: ["service", "method"],
    }),
    inFlight: inFlight(registry, `signet_rpc_${side}_calls_in_flight`, "Calls under way.", "service"),
  };
}

interface SeriesOptions {
  /** A counter of what has ended, by the two labels and how. */
  readonly total: { readonly name: string; readonly help: string; readonly outcome: string };
  /** A histogram of how long it took, by the two labels. */
  readonly duration: { readonly name: string; readonly help: string; readonly buckets: readonly number[] };
  readonly labels: readonly [string, string];
}

/** Things that take a while and come to an end, told apart by two labels. */
function series(registry: Registry, { total, duration, labels }: SeriesOptions) {
  const registers = [registry];
  const count = new Counter({ name: total.name, help: total.help, labelNames: [...labels, total.outcome], registers });
  const { name, help, buckets } = duration;
  const seconds = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
  const ofFirst = remembered((first) =>
    remembered((second) => {
      const counts = remembered((outcome) => count.labels(first, second, outcome));
      const { observe } = seconds.labels(first, second);
      return {
        ended(outcome: string, took: number) {
          counts(outcome).inc();
          observe(took);
        },
      };
    }),
  );
  return (first: string, second: string) => ofFirst(first)(second);
}

function inFlight(registry: Registry, name: string, help: string, label: string) {
  const metric = new Gauge({ name, help, labelNames: [label], registers: [registry] });
  return remembered((value) => metric.labels(value));
}

/** What `make` gives for a label's value, made once: the library checks the values each time, and there are few. */
function remembered<Made>(make: (value: string) => Made): (value: string) => Made {
  const made = new Map<string, Made>();
  return (value) => {
    let found = made.get(value);
    if (found === undefined) {
      found = make(value);
      made.set(value, found);
    }
    return found;
  };
}
