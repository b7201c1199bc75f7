import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ServiceName, services, startServices } from "@signet/testkit";
import type { Contender } from "../contender.ts";
import { runClosedLoop } from "../load/closed-loop.ts";
import type { Flow, Work } from "../load/work.ts";
import { works } from "../load/works.ts";
import { type Measurement, measure } from "../measure/measurement.ts";
import { type ProcessUsage, usageOf } from "../measure/process-usage.ts";
import { spreadOf } from "../measure/statistics.ts";
import type { Options } from "../options.ts";
import { bundle } from "../processes/bundle.ts";
import { type Pinning, pin } from "../processes/cores.ts";
import { endServers } from "../processes/server-process.ts";
import { table } from "../report/table.ts";
import { installSignet, paths, registerClients } from "../signet/signet.ts";

const settlingMilliseconds = 3000;
const largestRatio = 2;
const largestIdleMegabytes = 110;

/** Signet as separate processes on Redis and MongoDB, beside Signet in one process, as a table for a person. CPU is that of Signet's own processes. */
export async function runServices(
  options: Options,
  resources: AsyncDisposableStack,
  tell: (step: string) => void,
): Promise<string> {
  const pinning = pin();
  const [loadAverage = Number.NaN] = loadavg();
  const dataFolder = await mkdtemp(join(tmpdir(), "signet-bench-"));
  resources.defer(() => rm(dataFolder, { recursive: true, force: true }));
  resources.defer(endServers);
  tell("starting the one process");
  const installation = await installSignet(await bundle("standalone", resources), pinning, dataFolder);
  const together = installation.contender(await installation.start());

  const mains: Partial<Record<ServiceName, string>> = {};
  for (const name of services) mains[name] = await bundle(name, resources);
  const rows = [["", "flows/s", "p50 ms", "p99 ms", "CPU µs/flow", "errors", ""]];
  let idle: readonly (readonly [string, ProcessUsage])[] = [];
  for (const name of options.works) {
    tell(`${name}: starting the services`);
    // Anew for each work: a database that grew in the last one must not slow the next one down.
    await using deployment = await deploy(mains, pinning);
    await delay(settlingMilliseconds);
    idle = deployment.usages();
    tell(name);
    const measured = await measureBoth(works[name], deployment.contender, together, options);
    const ratio = cpuOf(measured.separate) / cpuOf(measured.together);
    const target = `target ≤ ${largestRatio}: ${ratio <= largestRatio ? "met" : "MISSED"}`;
    rows.push([name], row("  services", measured.separate), row("  one process", measured.together));
    rows.push(["  services : one process", "", "", "", `${ratio.toFixed(2)}×`, "", name === "code-flow" ? target : ""]);
  }
  return [
    `Node ${process.versions.node}; ${pinning.description}; load average before: ${loadAverage.toFixed(2)}; ${options.rounds} rounds of ${options.seconds} s, ${options.connections} connections`,
    "",
    table(rows),
    "",
    table([
      ["idle memory", "RSS MB", "not mapped files", ""],
      ...idle.map(([name, { residentMegabytes, ownMegabytes }]) => [
        `  ${name}`,
        residentMegabytes.toFixed(0),
        ownMegabytes.toFixed(0),
        `target ≤ ${largestIdleMegabytes}: ${residentMegabytes <= largestIdleMegabytes ? "met" : "MISSED"}`,
      ]),
    ]),
  ].join("\n");
}

/** The services with empty databases, and the client. */
async function deploy(mains: Readonly<Partial<Record<ServiceName, string>>>, pinning: Pinning) {
  const deployment = await startServices({ mains });
  const processIds = services.map((name) => deployment.programs[name].pid);
  for (const id of processIds) moveTo(pinning, id);
  const port = Number(new URL(deployment.url).port);
  const contender: Contender = {
    ...paths,
    name: "signet",
    issuer: deployment.url,
    port,
    processIds,
    ...(await registerClients(port, deployment.registrationToken)),
    answers: { username: "admin", password: deployment.adminPassword, decision: "allow" },
  };
  return {
    contender,
    usages: () => services.map((name, index) => [name, usageOf(processIds[index] ?? 0)] as const),
    [Symbol.asyncDispose]: () => deployment.stop(),
  };
}

/** Puts a process that runs already where servers belong. */
function moveTo({ serverPrefix }: Pinning, processId: number): void {
  const core = serverPrefix.at(-1);
  if (core !== undefined) spawnSync("taskset", ["-a", "-c", "-p", core, String(processId)], { stdio: "ignore" });
}

async function measureBoth(work: Work, separate: Contender, together: Contender, options: Options) {
  const flows = { separate: await prepare(work, separate, options), together: await prepare(work, together, options) };
  const measured: Record<"separate" | "together", Measurement[]> = { separate: [], together: [] };
  for (let round = 0; round < options.rounds; round += 1) {
    measured.separate.push(await measure(separate, flows.separate, options.seconds));
    measured.together.push(await measure(together, flows.together, options.seconds));
  }
  return measured;
}

/** Flows that were warmed up, each reply inspected. @throws Error where one was wrong */
async function prepare(work: Work, contender: Contender, { connections, warmUpSeconds }: Options): Promise<readonly Flow[]> {
  const flows: Flow[] = [];
  // One after the other: a server may take only a few password checks at a time.
  for (let index = 0; index < connections; index += 1) flows.push(await work.prepare(contender));
  const { port } = contender;
  const { errors, firstError } = await runClosedLoop({ port, flows, seconds: warmUpSeconds, inspectsFirst: true });
  if (errors > 0) throw new Error(`${work.name}: ${errors} wrong replies while warming up: ${firstError}`);
  return flows;
}

function cpuOf(rounds: readonly Measurement[]): number {
  return spreadOf(rounds.map((one) => one.serverCpuMicrosecondsPerFlow)).median;
}

function row(name: string, rounds: readonly Measurement[]): string[] {
  const median = (value: (one: Measurement) => number) => spreadOf(rounds.map(value)).median;
  return [
    name,
    median((one) => one.flowsPerSecond).toFixed(0),
    median((one) => one.p50Milliseconds).toFixed(2),
    median((one) => one.p99Milliseconds).toFixed(2),
    cpuOf(rounds).toFixed(0),
    String(rounds.reduce((sum, { errors }) => sum + errors, 0)),
  ];
}
