import { runClosedLoop } from "../load/closed-loop.ts";
import type { Flow } from "../load/work.ts";
import { usageOfAll } from "./process-usage.ts";
import { percentile } from "./statistics.ts";

/** One stretch of one work at one contender. */
export interface Measurement {
  readonly flowsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly serverCpuMicrosecondsPerFlow: number;
  /** Of one core. Well under 1: something other than the server was the limit. */
  readonly serverCpuShare: number;
  /** The part of the time in which the server was kept waiting for its core by other programs. */
  readonly serverWaitShare: number;
  readonly loadCpuShare: number;
  readonly residentMegabytes: number;
  readonly errors: number;
  readonly firstError: string | undefined;
}

export async function measure(
  server: { readonly port: number; readonly processIds: readonly number[] },
  flows: readonly Flow[],
  seconds: number,
): Promise<Measurement> {
  const serverBefore = usageOfAll(server.processIds);
  const loadBefore = process.cpuUsage();
  const { latencies, elapsedSeconds, errors, firstError } = await runClosedLoop({ port: server.port, flows, seconds });
  const load = process.cpuUsage(loadBefore);
  const serverAfter = usageOfAll(server.processIds);
  const serverCpu = serverAfter.cpuMicroseconds - serverBefore.cpuMicroseconds;
  // While one thread of the server runs, the others wait, all being on one core: that is no disturbance.
  const otherThreadsCpu = serverCpu - (serverAfter.mainThreadCpuMicroseconds - serverBefore.mainThreadCpuMicroseconds);
  const mainThreadWait = serverAfter.mainThreadWaitMicroseconds - serverBefore.mainThreadWaitMicroseconds;
  const sorted = Float64Array.from(latencies).sort();
  return {
    flowsPerSecond: latencies.length / elapsedSeconds,
    p50Milliseconds: percentile(sorted, 0.5),
    p99Milliseconds: percentile(sorted, 0.99),
    serverCpuMicrosecondsPerFlow: serverCpu / latencies.length,
    serverCpuShare: serverCpu / 1_000_000 / elapsedSeconds,
    serverWaitShare: Math.max(0, mainThreadWait - otherThreadsCpu) / 1_000_000 / elapsedSeconds,
    loadCpuShare: (load.user + load.system) / 1_000_000 / elapsedSeconds,
    residentMegabytes: serverAfter.residentMegabytes,
    errors,
    firstError,
  };
}
