/** How the parts of Signet are put together: black-box suites pass on each. */
export const topologies = ["standalone", "services", "containers"] as const;
export type Topology = (typeof topologies)[number];

/**
 * The topology that `SIGNET_TEST_TOPOLOGY` asks for, `standalone` unless it says otherwise.
 * @throws Error for one that there is not, so that a suite never passes on another than it was meant for
 */
export function topologyUnderTest(): Topology {
  const asked = process.env.SIGNET_TEST_TOPOLOGY ?? "standalone";
  const found = topologies.find((topology) => topology === asked);
  if (found === undefined) throw new Error(`SIGNET_TEST_TOPOLOGY must be one of: ${topologies.join(", ")}`);
  return found;
}
