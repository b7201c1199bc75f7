import type { Clockwork } from "./clockwork.ts";
import { sharedContainers } from "./topologies/containers.ts";
import { startServices } from "./topologies/services.ts";
import { startStandalone } from "./topologies/standalone.ts";
import { topologyUnderTest } from "./topologies/topology.ts";

/** A Signet that runs, whatever the topology. */
export interface Signet {
  readonly url: string;
  /** Where it listens; the same as `url`, unless a public URL was set. */
  readonly listenerUrl: string;
  readonly adminToken: string;
  /** Of the user `admin` of the tenant `default`. */
  readonly adminPassword: string;
  /** Of the tenant `default`. */
  readonly registrationToken: string;
  /** Stops it, and starts it again at the same address with the same data and the same clock. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SignetOptions {
  /** Moves the server's time; without one it is the machine's. */
  readonly clockwork?: Clockwork;
  readonly environment?: Readonly<Record<string, string>>;
}

export const adminToken = "test-administration-token-0123456789";
export const adminPassword = "correct horse battery staple";

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

const patienceMilliseconds = 30_000;

/**
 * Resolves once Signet answers at `url` and says that it is ready. Connections that this process kept alive from before have ended with the
 * server: it learns so by using them.
 */
export async function reach(url: string): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  let said = "nothing";
  while (performance.now() < end) {
    const reply = await fetch(`${url}/readyz`).catch(() => undefined);
    if (reply !== undefined) said = `${reply.status} ${await reply.text()}`;
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Signet at ${url} is not ready after ${patienceMilliseconds} ms: it says ${said}`);
}
