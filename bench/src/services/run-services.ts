import { setTimeout as delay } from "node:timers/promises";
import { redisServer } from "@signet/test-servers";
import type { ServiceName } from "@signet/testkit";
import { measureInTurns } from "../comparison.ts";
import type { Contender } from "../contender.ts";
import { installOneProcess } from "../contenders.ts";
import { codeFlow } from "../load/code-flow.ts";
import { runCountedFlows } from "../load/counted-flows.ts";
import { works } from "../load/works.ts";
import type { ProcessUsage } from "../measure/process-usage.ts";
import type { Options, WorkName } from "../options.ts";
import { startPeer } from "../peer/peer.ts";
import { type Pinning, pin } from "../processes/cores.ts";
import type { Memory } from "../report/summary.ts";
import { circumstancesOf, flowsForMemory } from "../run.ts";
import { bundleServices, deploy, type Mains, ofEach } from "./deployment.ts";
import type { ServicesComparison, ServicesFindings } from "./services-findings.ts";

const settlingMilliseconds = 3000;
const starts = 3;

/** Signet as separate processes on Redis and MongoDB, beside the peer on Redis and beside Signet in one process. */
export async function runServices(
  options: Options,
  resources: AsyncDisposableStack,
  tell: (step: string) => void,
): Promise<ServicesFindings> {
  const pinning = pin();
  const circumstances = circumstancesOf(pinning, options);
  tell("starting the one process");
  const installation = await installOneProcess(pinning, resources);
  const oneProcess = installation.contender(await installation.start());
  const mains = await bundleServices(resources);
  tell("starting the services one by one");
  const atStart = await measureStart(mains, pinning);

  const comparisons: ServicesComparison[] = [];
  for (const name of options.works) {
    tell(name);
    comparisons.push(await compareServices(name, { mains, pinning, oneProcess }, options));
  }
  if (options.measuresMemory) tell(`memory after ${flowsForMemory} code flows`);
  const afterFlows = options.measuresMemory ? await measureMemory(mains, pinning, options.connections) : undefined;
  return {
    ...circumstances,
    comparisons,
    processes: ofEach((name) => ({
      readyMilliseconds: atStart.ready[name],
      idle: memoryOf(atStart.idle[name]),
      afterFlows: afterFlows === undefined ? undefined : memoryOf(afterFlows[name]),
    })),
  };
}

/** What the services are like when they have just been started. */
async function measureStart(mains: Mains, pinning: Pinning) {
  await using deployment = await deploy(mains, pinning);
  const ready = await deployment.measureReadiness(starts);
  await delay(settlingMilliseconds);
  return { ready, idle: deployment.usages() };
}

/** Services and peer start anew for each work: a database that grew in the last one must not slow the next one down. */
async function compareServices(
  work: WorkName,
  { mains, pinning, oneProcess }: { readonly mains: Mains; readonly pinning: Pinning; readonly oneProcess: Contender },
  options: Options,
): Promise<ServicesComparison> {
  await using deployment = await deploy(mains, pinning);
  await using redis = await startRedis();
  const peer = await startPeer(pinning, redis.url);
  await delay(settlingMilliseconds);
  const contenders = [deployment.contender, peer.contender, oneProcess];
  const { measured, warmUpErrors } = await measureInTurns(works[work], contenders, options);
  await peer.stop();
  const [ofServices = [], ofPeer = [], ofOneProcess = []] = measured;
  return { work, services: ofServices, peer: ofPeer, oneProcess: ofOneProcess, warmUpErrors };
}

async function startRedis() {
  const server = redisServer();
  await server.start();
  return { url: `redis://127.0.0.1:${server.port}` as const, [Symbol.asyncDispose]: () => server.end() };
}

async function measureMemory(
  mains: Mains,
  pinning: Pinning,
  connections: number,
): Promise<Readonly<Record<ServiceName, ProcessUsage>>> {
  await using deployment = await deploy(mains, pinning);
  await runCountedFlows(codeFlow, deployment.contender, flowsForMemory, connections);
  return deployment.usages();
}

function memoryOf({ residentMegabytes, ownMegabytes }: ProcessUsage): Memory {
  return { resident: residentMegabytes, own: ownMegabytes };
}
