import { type HttpConnection, openConnection } from "./http-connection.ts";
import type { Flow } from "./work.ts";

/** What one stretch of load came to. */
export interface LoadResult {
  /** Of each flow that succeeded, in milliseconds. */
  readonly latencies: readonly number[];
  readonly elapsedSeconds: number;
  readonly errors: number;
  readonly firstError: string | undefined;
}

export interface Load {
  readonly port: number;
  /** One per connection: each begins its next as soon as the last has ended. */
  readonly flows: readonly Flow[];
  readonly seconds: number;
  /** How many flows all connections together begin at most. */
  readonly maximumFlows?: number;
  /** Whether each connection's first reply is looked at in full. */
  readonly inspectsFirst?: boolean;
}

const maximumFlowsPerConnection = 100_000;
/** A connection gives up after so many: the row is invalid anyway, and a server that refuses everything must not be flooded. */
const maximumErrorsPerConnection = 3;

/** What all connections share. */
interface Stretch {
  readonly deadline: number;
  readonly inspectsFirst: boolean;
  flowsLeft: number;
  readonly latencies: number[];
  errors: number;
  firstError: string | undefined;
}

/** Keeps one flow under way on every connection for so many seconds, or until so many flows have been begun. */
export async function runClosedLoop({ port, flows, seconds, maximumFlows, inspectsFirst = false }: Load): Promise<LoadResult> {
  const connections = await Promise.all(flows.map(() => openConnection(port)));
  const started = performance.now();
  const stretch: Stretch = {
    deadline: started + seconds * 1000,
    inspectsFirst,
    flowsLeft: maximumFlows ?? maximumFlowsPerConnection * flows.length,
    latencies: [],
    errors: 0,
    firstError: undefined,
  };
  try {
    await Promise.all(connections.map((connection, index) => repeat(connection, flows[index], stretch)));
    const { latencies, errors, firstError } = stretch;
    return { latencies, errors, firstError, elapsedSeconds: (performance.now() - started) / 1000 };
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function repeat(connection: HttpConnection, flow: Flow | undefined, stretch: Stretch): Promise<void> {
  let errors = 0;
  let isFirst = stretch.inspectsFirst;
  while (flow !== undefined && errors < maximumErrorsPerConnection && stretch.flowsLeft > 0) {
    const begun = performance.now();
    if (begun >= stretch.deadline) return;
    stretch.flowsLeft -= 1;
    const inspects = isFirst;
    isFirst = false;
    try {
      const reply = await flow.run(connection);
      stretch.latencies.push(performance.now() - begun);
      if (inspects) await flow.inspect(reply);
    } catch (error) {
      errors += 1;
      stretch.errors += 1;
      stretch.firstError ??= error instanceof Error ? error.message : String(error);
    }
  }
}
