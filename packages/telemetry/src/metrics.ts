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

  const requests = counter(registry, "signet_http_requests_total", "HTTP requests answered.", ["endpoint", "method", "status"]);
  const requestSeconds = histogram(registry, {
    name: "signet_http_request_duration_seconds",
    help: "From a request's beginning until its reply was written.",
    labelNames: ["endpoint", "method"],
    buckets: requestBuckets,
  });
  const requestsInFlight = new Gauge({
    name: "signet_http_requests_in_flight",
    help: "HTTP requests not answered yet.",
    registers,
  });

  const calls = { server: callMetrics(registry, "server"), client: callMetrics(registry, "client") };

  const operations = counter(registry, "signet_store_operations_total", "Operations of stores.", ["store", "verb", "outcome"]);
  const operationSeconds = histogram(registry, {
    name: "signet_store_operation_duration_seconds",
    help: "How long operations of stores took, waiting for their turn included.",
    labelNames: ["store", "verb"],
    buckets: innerBuckets,
  });
  const operationsInFlight = gauge(registry, "signet_store_operations_in_flight", "Operations of stores under way or waiting.", [
    "store",
  ]);

  const lookUps = counter(registry, "signet_cache_lookups_total", "What was looked up in a cache.", ["cache", "result"]);
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
      const known = methods.has(method) ? method : "other";
      requestsInFlight.dec();
      requests(endpoint, known, String(status)).inc();
      requestSeconds(endpoint, known).observe(seconds);
    },
    callBegan: (side, service) => calls[side].inFlight(service).inc(),
    callEnded(side, service, method, outcome, seconds) {
      calls[side].inFlight(service).dec();
      calls[side].total(service, method, outcome).inc();
      calls[side].seconds(service, method).observe(seconds);
    },
    operationBegan: (store) => operationsInFlight(store).inc(),
    operationEnded(store, verb, outcome, seconds) {
      operationsInFlight(store).dec();
      operations(store, verb, outcome).inc();
      operationSeconds(store, verb).observe(seconds);
    },
    lookedUp: (cache, isHit) => lookUps(cache, isHit ? "hit" : "miss").inc(),
    watchQueue: (name, length) => void queues.set(name, length),
    stop,
  };
}

/** Node's parser knows some thirty more, and anybody can send them. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function callMetrics(registry: Registry, side: Side) {
  const end = side === "server" ? "served" : "made";
  return {
    total: counter(registry, `signet_rpc_${side}_calls_total`, `Calls between services that this process has ${end}.`, [
      "service",
      "method",
      "outcome",
    ]),
    seconds: histogram(registry, {
      name: `signet_rpc_${side}_call_duration_seconds`,
      help: `How long the calls took that this process has ${end}.`,
      labelNames: ["service", "method"],
      buckets: innerBuckets,
    }),
    inFlight: gauge(registry, `signet_rpc_${side}_calls_in_flight`, "Calls under way.", ["service"]),
  };
}

function counter(registry: Registry, name: string, help: string, labelNames: string[]) {
  const metric = new Counter({ name, help, labelNames, registers: [registry] });
  return remembered((...values) => metric.labels(...values));
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]) {
  const metric = new Gauge({ name, help, labelNames, registers: [registry] });
  return remembered((...values) => metric.labels(...values));
}

function histogram(registry: Registry, options: { name: string; help: string; labelNames: string[]; buckets: number[] }) {
  const metric = new Histogram({ ...options, registers: [registry] });
  return remembered((...values) => metric.labels(...values));
}

/** `labels` checks its values each time, and there are few combinations of them. */
function remembered<Child>(labels: (...values: string[]) => Child): (...values: string[]) => Child {
  const children = new Map<string, Child>();
  return (...values) => {
    const key = values.join(" ");
    let child = children.get(key);
    if (child === undefined) {
      child = labels(...values);
      children.set(key, child);
    }
    return child;
  };
}
