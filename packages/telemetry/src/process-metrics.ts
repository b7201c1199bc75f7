import { constants, monitorEventLoopDelay, PerformanceObserver, performance } from "node:perf_hooks";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const resolutionMilliseconds = 10;
const nanosecond = 1e-9;

/** What the process itself is at: under the names that other programs on Node have for it, where they have one. The function that it returns ends the measuring. */
export function registerProcessMetrics(registry: Registry): () => void {
  const registers = [registry];
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process, user and system.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({ name: "process_start_time_seconds", help: "When the process began, since the epoch.", registers }).set(
    performance.timeOrigin / 1000,
  );
  memory("process_resident_memory_bytes", "Resident memory.", "rss");
  memory("nodejs_heap_size_used_bytes", "What lives on JavaScript's heap.", "heapUsed");
  memory("nodejs_heap_size_total_bytes", "The room that JavaScript's heap takes.", "heapTotal");
  memory("nodejs_external_memory_bytes", "What JavaScript holds outside its heap.", "external");
  const stops = [measureGarbageCollection(registry), measureEventLoop(registry)];
  return () => {
    for (const stop of stops) stop();
  };

  function memory(name: string, help: string, member: keyof NodeJS.MemoryUsage): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(process.memoryUsage()[member]);
      },
    });
  }
}

const collections: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

function measureGarbageCollection(registry: Registry): () => void {
  const seconds = new Histogram({
    name: "nodejs_gc_duration_seconds",
    help: "How long garbage was collected.",
    labelNames: ["kind"],
    buckets: [0.001, 0.01, 0.1, 1],
    registers: [registry],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const detail: unknown = "detail" in entry ? entry.detail : undefined;
      const kind = typeof detail === "object" && detail !== null && "kind" in detail ? collections.get(detail.kind) : undefined;
      seconds.observe({ kind: kind ?? "other" }, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}

function measureEventLoop(registry: Registry): () => void {
  const registers = [registry];
  const delays = monitorEventLoopDelay({ resolution: resolutionMilliseconds });
  delays.enable();
  /** What is measured is how long a timer took; what it was set to is nobody's delay. */
  const lag = (nanoseconds: number) => Math.max(0, nanoseconds * nanosecond - resolutionMilliseconds / 1000);
  new Gauge({
    name: "signet_event_loop_lag_seconds",
    help: "How much later than it was due something came to its turn, since the last time this was asked for.",
    labelNames: ["quantile"],
    registers,
    collect() {
      this.set({ quantile: "0.5" }, lag(delays.percentile(50)));
      this.set({ quantile: "0.99" }, lag(delays.percentile(99)));
      this.set({ quantile: "1" }, lag(delays.max));
      delays.reset();
    },
  });
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: "signet_event_loop_utilization_ratio",
    help: "Which share of the time the event loop was busy, since the last time this was asked for.",
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  return () => {
    delays.disable();
  };
}
