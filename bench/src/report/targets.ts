import type { WorkName } from "../options.ts";

/** What Signet is to reach in one process on its embedded database, and as separate processes on Redis and MongoDB. */
export type Topology = "oneProcess" | "services";

export interface Target {
  readonly text: string;
  readonly isMet: boolean;
}

/** The least ratios Signet : peer: of flows per second for one process, of CPU time per flow for services, whose processes share a core. */
const leastRatios: Readonly<Record<WorkName, Readonly<Record<Topology, number>>>> = {
  "code-flow": { oneProcess: 2.6, services: 1.5 },
  "code-flow-rs256": { oneProcess: 1.5, services: 1.2 },
  "client-credentials": { oneProcess: 2.5, services: 1.5 },
  refresh: { oneProcess: 2.3, services: 1.5 },
  introspection: { oneProcess: 3, services: 1.5 },
  "introspection-opaque": { oneProcess: 3, services: 1.5 },
  userinfo: { oneProcess: 3, services: 1.5 },
  "userinfo-opaque": { oneProcess: 3, services: 1.5 },
  jwks: { oneProcess: 2.5, services: 2 },
  discovery: { oneProcess: 2.5, services: 2 },
};

/** Of each process. */
const mostOfProcess = {
  oneProcess: { readyMilliseconds: 350, idleMegabytes: 90, megabytesAfterFlows: 160 },
  services: { readyMilliseconds: 400, idleMegabytes: 90, megabytesAfterFlows: 130 },
};

export function leastRatio(topology: Topology, work: WorkName): number {
  return leastRatios[work][topology];
}

export function ratioTarget(topology: Topology, work: WorkName, ratio: number): Target {
  const least = leastRatio(topology, work);
  return { text: `≥ ${least.toFixed(1)}×`, isMet: ratio >= least };
}

export function readyTarget(topology: Topology, milliseconds: number): Target {
  const most = mostOfProcess[topology].readyMilliseconds;
  return { text: `≤ ${most} ms`, isMet: milliseconds <= most };
}

/** Of memory one second after a start. */
export function idleTarget(topology: Topology, megabytes: number): Target {
  const most = mostOfProcess[topology].idleMegabytes;
  return { text: `≤ ${most} MB`, isMet: megabytes <= most };
}

/** Of memory after 100,000 code flows. */
export function memoryTarget(topology: Topology, megabytes: number): Target {
  const most = mostOfProcess[topology].megabytesAfterFlows;
  return { text: `≤ ${most} MB`, isMet: megabytes <= most };
}

/** A target as two cells of a table. */
export function cells({ text, isMet }: Target): [string, string] {
  return [text, isMet ? "met" : "MISSED"];
}
