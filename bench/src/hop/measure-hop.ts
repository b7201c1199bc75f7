import type { token } from "@signet/contracts";
import { usageOf } from "../measure/process-usage.ts";
import { percentile } from "../measure/statistics.ts";
import { request } from "./exchange.ts";

/** What one call costs over one carrier with so many calls in flight. */
export interface HopMeasurement {
  readonly callsPerSecond: number;
  readonly p50Microseconds: number;
  readonly p99Microseconds: number;
  readonly clientCpuMicroseconds: number;
  readonly serverCpuMicroseconds: number;
}

export interface Hop {
  readonly client: token.TokenServiceClient;
  /** Undefined where the server is this process. */
  readonly serverProcessId: number | undefined;
  readonly inFlight: number;
  readonly seconds: number;
}

/** Keeps `inFlight` calls under way for so many seconds, after a third of that to warm up. */
export async function measureHop(hop: Hop): Promise<HopMeasurement> {
  await load(hop, hop.seconds / 3);
  const serverBefore = serverCpu(hop);
  const before = process.cpuUsage();
  const { latencies, elapsedSeconds } = await load(hop, hop.seconds);
  const client = process.cpuUsage(before);
  const server = serverCpu(hop) - serverBefore;
  const sorted = Float64Array.from(latencies).sort();
  return {
    callsPerSecond: latencies.length / elapsedSeconds,
    p50Microseconds: percentile(sorted, 0.5) * 1000,
    p99Microseconds: percentile(sorted, 0.99) * 1000,
    clientCpuMicroseconds: (client.user + client.system) / latencies.length,
    serverCpuMicroseconds: server / latencies.length,
  };
}

async function load({ client, inFlight }: Hop, seconds: number): Promise<{ latencies: number[]; elapsedSeconds: number }> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const repeat = async () => {
    for (let begun = performance.now(); begun < end; begun = performance.now()) {
      await client.exchange(request);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, repeat));
  return { latencies, elapsedSeconds: (performance.now() - started) / 1000 };
}

function serverCpu({ serverProcessId }: Hop): number {
  return serverProcessId === undefined ? 0 : usageOf(serverProcessId).cpuMicroseconds;
}
