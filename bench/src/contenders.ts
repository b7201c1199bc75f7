import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contender } from "./contender.ts";
import { startPeer } from "./peer/peer.ts";
import { bundle } from "./processes/bundle.ts";
import type { Pinning } from "./processes/cores.ts";
import { endServers } from "./processes/server-process.ts";
import { installSignet, type SignetInstallation } from "./signet/signet.ts";

/** Signet in one process, installed in a folder that `resources` removes once the servers have ended. */
export async function installOneProcess(pinning: Pinning, resources: AsyncDisposableStack): Promise<SignetInstallation> {
  const dataFolder = await mkdtemp(join(tmpdir(), "signet-bench-"));
  resources.defer(() => rm(dataFolder, { recursive: true, force: true }));
  resources.defer(endServers);
  return installSignet(await bundle("standalone", resources), pinning, dataFolder);
}

/** Signet in one process and the peer, both running. */
export async function startBoth(
  installation: SignetInstallation,
  pinning: Pinning,
  { peerStore, profileFolder }: { readonly peerStore: "maps" | "own"; readonly profileFolder?: string | undefined },
): Promise<{ readonly signet: Contender; readonly peer: Contender; stopSignet(): Promise<void> }> {
  const profiler = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
  const server = await installation.start(profiler);
  const { contender: peer } = await startPeer(pinning, peerStore);
  return { signet: installation.contender(server), peer, stopSignet: server.stop };
}
