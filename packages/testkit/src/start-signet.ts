import type { Signet, SignetOptions } from "./signet.ts";
import { sharedContainers } from "./topologies/containers.ts";
import { startServices } from "./topologies/services.ts";
import { startStandalone } from "./topologies/standalone.ts";
import { topologyUnderTest } from "./topologies/topology.ts";

/** A Signet in the topology under test: its own, but for `containers`, which all suites share. */
export async function startSignet(options: SignetOptions = {}): Promise<Signet> {
  switch (topologyUnderTest()) {
    case "standalone":
      return startStandalone(options);
    case "services":
      return startServices(options);
    case "containers":
      return sharedContainers(options);
  }
}
