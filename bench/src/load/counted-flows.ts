import { prepareFlows } from "../comparison.ts";
import type { Contender } from "../contender.ts";
import { runClosedLoop } from "./closed-loop.ts";
import type { Work } from "./work.ts";

const mostSeconds = 600;

/**
 * Does so many flows of a work, however long that takes.
 * @throws Error where a reply is wrong, or the last has not come after ten minutes
 */
export async function runCountedFlows(work: Work, contender: Contender, count: number, connections: number): Promise<void> {
  const { port, name } = contender;
  const flows = await prepareFlows(work, contender, connections);
  const { latencies, errors, firstError } = await runClosedLoop({
    port,
    flows,
    seconds: mostSeconds,
    maximumFlows: count,
    inspectsFirst: true,
  });
  if (errors > 0) throw new Error(`${name}: ${errors} wrong replies: ${firstError}`);
  if (latencies.length < count) throw new Error(`${name}: only ${latencies.length} of ${count} flows in ${mostSeconds} s`);
}
