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
  /** Whether each connection's first reply is looked at in full. */
  readonly inspectsFirst?: boolean;
}

const maximumFlowsPerConnection = 100_000;
/** A connection gives up after so many: the row is invalid anyway, and a server that refuses everything must not be flooded. */
const maximumErrorsPerConnection = 3;

interface Tally {
  latencies: number[];
  errors: number;
  firstError: string | undefined;
}

/** Keeps one flow under way on every connection for so many seconds. */
export async function runClosedLoop({ port, flows, seconds, inspectsFirst = false }: Load): Promise<LoadResult> {
  const connections = await Promise.all(flows.map(() => openConnection(port)));
  const tally: Tally = { latencies: [], errors: 0, firstError: undefined };
  const started = performance.now();
  const deadline = started + seconds * 1000;
  try {
    await Promise.all(connections.map((connection, index) => repeat(connection, flows[index], deadline, tally, inspectsFirst)));
    return { ...tally, elapsedSeconds: (performance.now() - started) / 1000 };
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function repeat(
  connection: HttpConnection,
  flow: Flow | undefined,
  deadline: number,
  tally: Tally,
  inspectsFirst: boolean,
): Promise<void> {
  let errors = 0;
  for (
    let count = 0;
    flow !== undefined && count < maximumFlowsPerConnection && errors < maximumErrorsPerConnection;
    count += 1
  ) {
    const begun = performance.now();
    if (begun >= deadline) return;
    try {
      const reply = await flow.run(connection);
      tally.latencies.push(performance.now() - begun);
      if (count === 0 && inspectsFirst) await flow.inspect(reply);
    } catch (error) {
      errors += 1;
      tally.errors += 1;
      tally.firstError ??= error instanceof Error ? error.message : String(error);
    }
  }
}
