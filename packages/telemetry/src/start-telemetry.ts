import type { DestinationStream } from "pino";
import {
  callObserver,
  keyChangeCounter,
  type Listeners,
  lookUpListener,
  requestObserver,
  storeObserver,
  untoldCounter,
} from "./combine.ts";
import { createLineLog } from "./line-log.ts";
import { createListedLogger, createLogger, type Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { MetricsServer } from "./metrics-server.ts";
import type { Observers } from "./observers.ts";
import { type LogOutput, standardOutput } from "./output.ts";
import type { Tracing } from "./tracing.ts";

export interface TelemetryOptions {
  /** The program: `gateway`, `auth`, `token`, `client-registry` or `standalone`. */
  readonly service: string;
  readonly logLevel: string;
  /** `host:port`; undefined where no metrics are wanted. */
  readonly metricsListen: string | undefined;
  /** Of an OTLP collector over HTTP; undefined where no traces are wanted. */
  readonly otlpUrl: string | undefined;
  /** Which share of the traces that begin here is recorded: all unless said otherwise. */
  readonly traceShare?: number | undefined;
  /** Standard output unless given. */
  readonly output?: DestinationStream | undefined;
}

/** What a program tells of itself. An observer that nobody listens to is undefined, so that nothing is wrapped for it. */
export interface Telemetry extends Observers {
  readonly logger: Logger;
  /** Where the metrics are. */
  readonly metricsUrl: string | undefined;
  /** Shows in the metrics how many wait in a queue. */
  watchQueue(name: string, length: () => number): void;
  /** After everything else has been closed: sends what is left, within 2 s. */
  close(): Promise<void>;
}

/**
 * The logger at once; metrics and traces only where they are configured, and their libraries are not even loaded otherwise.
 * @throws Error where the metrics' address is in use or is none
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { service, logLevel, metricsListen, otlpUrl, output = standardOutput() } = options;
  let tracing: Tracing | undefined;
  const named = service === "standalone" ? undefined : service;
  const logger = createLogger(logLevel, output, {
    service: named,
    ...(otlpUrl !== undefined && { traceId: () => tracing?.traceId() }),
  });
  const lines = createListedLogger(logLevel, output, { service: named });
  const { metrics, server } = await metricsOf(service, metricsListen);
  tracing = await tracingOf(options, logger);
  if (server !== undefined) logger.info({ url: server.url }, "metrics are served");
  const log = createLineLog({ logger: lines, logsCalls: service !== "standalone" });
  const listeners: Listeners = { log, metrics, tracing };
  return {
    logger,
    metricsUrl: server?.url,
    requests: requestObserver(listeners),
    callsServed: callObserver("server", listeners),
    callsMade: callObserver("client", listeners),
    stores: storeObserver(listeners),
    onLookUp: lookUpListener(listeners),
    onKeyChange: keyChangeCounter(listeners),
    onUntold: untoldCounter(listeners),
    watchQueue: (name, length) => metrics?.watchQueue(name, length),
    async close() {
      metrics?.stop();
      await Promise.all([server?.close(), tracing?.stop()]);
      if (isLogOutput(output)) output.flush();
    },
  };
}

async function tracingOf({ service, otlpUrl, traceShare }: TelemetryOptions, logger: Logger): Promise<Tracing | undefined> {
  if (otlpUrl === undefined) return undefined;
  const { startTracing } = await import("./tracing.ts");
  return startTracing({
    service,
    url: otlpUrl,
    share: traceShare,
    // The error's text may have the collector's URL in it, and that a password.
    onFailure: (error) => logger.warn({ error: error?.name }, "traces could not be sent"),
  });
}

async function metricsOf(
  service: string,
  listen: string | undefined,
): Promise<{ readonly metrics?: Metrics; readonly server?: MetricsServer }> {
  if (listen === undefined) return {};
  const [{ createMetrics }, { serveMetrics }] = await Promise.all([import("./metrics.ts"), import("./metrics-server.ts")]);
  const metrics = createMetrics(service);
  return { metrics, server: await serveMetrics(metrics.registry, listen) };
}

function isLogOutput(output: DestinationStream): output is LogOutput {
  return "flush" in output;
}
