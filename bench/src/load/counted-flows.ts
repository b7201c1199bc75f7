import { prepareFlows } from "../comparison.ts";
import type { Contender } from "../contender.ts";
import { runClosedLoop } from "./closed-loop.ts";
import type { Work } from "./work.ts";

const mostSeconds = 900;
/** Of all flows. On a machine that stands still for seconds a server refuses what has waited too long; that changes nothing about its memory. */
const mostWrong = 0.001;

/**
 * Does so many flows of a work, however long that takes.
 * @throws Error where more than one in a thousand fails, or the last has not come after a quarter of an hour
 */
export async function runCountedFlows(work: Work, contender: Contender, count: number, connections: number): Promise<void> {
  const { port, name } = contender;
  const flows = await prepareFlows(work, contender, connections);
  const load = { port, flows, seconds: mostSeconds, maximumFlows: count, inspectsFirst: true };
  const { latencies, errors, firstError } = await runClosedLoop(load);
  if (errors > mostWrong * count) throw new Error(`${name}: ${errors} wrong replies: ${firstError}`);
  if (latencies.length < count - errors) throw new Error(`${name}: ${latencies.length} of ${count} flows in ${mostSeconds} s`);
}
