import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Comparison, compare } from "./comparison.ts";
import { works } from "./load/works.ts";
import { usageOfAll } from "./measure/process-usage.ts";
import type { Options } from "./options.ts";
import { startPeer } from "./peer/peer.ts";
import { bundle } from "./processes/bundle.ts";
import { pin } from "./processes/cores.ts";
import { endServers } from "./processes/server-process.ts";
import type { Findings } from "./report/summary.ts";
import { measureReadiness } from "./signet/readiness.ts";
import { installSignet } from "./signet/signet.ts";

/** After which a server that has just started has done what it does by itself. */
const settlingMilliseconds = 1000;

/**
 * The whole bench.
 * @param resources gets what must be ended and removed after it, however it ends
 * @param tell is told what is being done
 */
export async function run(options: Options, resources: AsyncDisposableStack, tell: (step: string) => void): Promise<Findings> {
  const pinning = pin();
  const [loadAverageBefore = Number.NaN] = loadavg();

  tell("starting Signet");
  const dataFolder = resources.adopt(await mkdtemp(join(tmpdir(), "signet-bench-")), remove);
  resources.defer(endServers);
  const installation = await installSignet(await bundle("standalone", resources), pinning, dataFolder);
  const readyMilliseconds = await measureReadiness(installation);
  const profiler = options.profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.profileFolder}`];
  const signetServer = await installation.start(profiler);
  tell("starting the peer");
  const peer = await startPeer(pinning, options.peerStore);
  const signet = installation.contender(signetServer);
  await delay(settlingMilliseconds);
  const idle = { signet: usageOfAll(signet.processIds), peer: usageOfAll(peer.processIds) };

  const comparisons: Comparison[] = [];
  for (const name of options.works) {
    tell(name);
    comparisons.push(await compare(works[name], { signet, peer }, options));
  }
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown CPU",
      cores: cpus().length,
      node: process.versions.node,
      pinning: pinning.description,
    },
    loadAverageBefore,
    connections: options.connections,
    seconds: options.seconds,
    rounds: options.rounds,
    peerStore: options.peerStore,
    readyMilliseconds,
    idleMegabytes: { signet: idle.signet.residentMegabytes, peer: idle.peer.residentMegabytes },
    idleOwnMegabytes: { signet: idle.signet.ownMegabytes, peer: idle.peer.ownMegabytes },
    comparisons,
  };
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
