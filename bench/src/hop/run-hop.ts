import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { token } from "@signet/contracts";
import { createChannel, serve } from "@signet/rpc/network";
import { pin } from "../processes/cores.ts";
import { table } from "../report/table.ts";
import { type HopMeasurement, measureHop } from "./measure-hop.ts";
import { startHopServer } from "./server-process.ts";
import { service } from "./service.ts";

const inFlights = [1, 32] as const;
const targetMicroseconds = 40;

/** What one call between two services costs over each of the three carriers, as a table for a person. */
export async function runHop(args: readonly string[], tell: (step: string) => void): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { seconds: { type: "string", default: "3" } } });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    throw new Error("--seconds must be a whole number from 1 to 600");

  const pinning = pin();
  const [loadAverage = Number.NaN] = loadavg();
  await using remote = await startHopServer(pinning);
  const local = await serve({ services: [service], listen: "inproc:hop" });
  const rows = [["", "in flight", "calls/s", "p50 µs", "p99 µs", "CPU µs: client", "server", "both", ""]];
  for (const [name, target, serverProcessId] of [
    ["inproc", local.url, undefined],
    ["grpc", remote.url, remote.processId],
    ["mux", remote.url.replace(/^grpc/, "mux"), remote.processId],
  ] as const) {
    const channel = createChannel(target);
    const client = channel.client<token.TokenServiceClient>(token.TokenServiceDefinition);
    for (const inFlight of inFlights) {
      tell(`${name}, ${inFlight} in flight`);
      rows.push(row(name, inFlight, await measureHop({ client, serverProcessId, inFlight, seconds })));
    }
    channel.close();
  }
  await local.close();
  return [
    `Node ${process.versions.node}; ${pinning.description}; load average before: ${loadAverage.toFixed(2)}; ${seconds} s each`,
    "",
    table(rows),
  ].join("\n");
}

function row(name: string, inFlight: number, measured: HopMeasurement): string[] {
  const both = measured.clientCpuMicroseconds + measured.serverCpuMicroseconds;
  return [
    name,
    String(inFlight),
    measured.callsPerSecond.toFixed(0),
    measured.p50Microseconds.toFixed(0),
    measured.p99Microseconds.toFixed(0),
    measured.clientCpuMicroseconds.toFixed(1),
    measured.serverCpuMicroseconds.toFixed(1),
    both.toFixed(1),
    name === "mux" && inFlight === 32 ? `target ≤ ${targetMicroseconds}: ${both <= targetMicroseconds ? "met" : "MISSED"}` : "",
  ];
}
