import { cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { type Comparison, compare } from "./comparison.ts";
import { installOneProcess, startBoth } from "./contenders.ts";
import { codeFlow } from "./load/code-flow.ts";
import { runCountedFlows } from "./load/counted-flows.ts";
import { works } from "./load/works.ts";
import { usageOfAll } from "./measure/process-usage.ts";
import type { Options } from "./options.ts";
import { type Pinning, pin } from "./processes/cores.ts";
import type { Circumstances, Findings, Memory } from "./report/summary.ts";
import { measureReadiness } from "./signet/readiness.ts";
import type { SignetInstallation } from "./signet/signet.ts";

/** After which a server that has just started has done what it does by itself. */
export const settlingMilliseconds = 1000;

/** After which a process is as large as it gets. */
export const flowsForMemory = 100_000;

/**
 * Signet in one process beside the peer.
 * @param resources gets what must be ended and removed after it, however it ends
 * @param tell is told what is being done
 */
export async function run(options: Options, resources: AsyncDisposableStack, tell: (step: string) => void): Promise<Findings> {
  const pinning = pin();
  const circumstances = circumstancesOf(pinning, options);
  tell("starting Signet and the peer");
  const installation = await installOneProcess(pinning, resources);
  const readyMilliseconds = await measureReadiness(installation);
  const { signet, peer, stopSignet } = await startBoth(installation, pinning, options);
  await delay(settlingMilliseconds);
  const idle = { signet: memoryOf(signet.processIds), peer: memoryOf(peer.processIds) };

  const comparisons: Comparison[] = [];
  for (const name of options.works) {
    tell(name);
    comparisons.push(await compare(works[name], { signet, peer }, options));
  }
  await stopSignet();
  if (options.measuresMemory) tell(`memory after ${flowsForMemory} code flows`);
  const afterFlows = options.measuresMemory ? await measureMemory(installation, options.connections) : undefined;
  return { ...circumstances, peerStore: options.peerStore, readyMilliseconds, idle, comparisons, afterFlows };
}

export function circumstancesOf(pinning: Pinning, { connections, seconds, rounds }: Options): Circumstances {
  const [loadAverageBefore = Number.NaN] = loadavg();
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown CPU",
      cores: cpus().length,
      node: process.versions.node,
      pinning: pinning.description,
    },
    loadAverageBefore,
    connections,
    seconds,
    rounds,
  };
}

async function measureMemory(installation: SignetInstallation, connections: number) {
  const server = await installation.start();
  const contender = installation.contender(server);
  await runCountedFlows(codeFlow, contender, flowsForMemory, connections);
  const memory = memoryOf(contender.processIds);
  await server.stop();
  return { flows: flowsForMemory, ...memory };
}

function memoryOf(processIds: readonly number[]): Memory {
  const { residentMegabytes, ownMegabytes } = usageOfAll(processIds);
  return { resident: residentMegabytes, own: ownMegabytes };
}
