import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { runClosedLoop } from "../load/closed-loop.ts";
import type { Flow } from "../load/work.ts";
import { type Measurement, measure } from "../measure/measurement.ts";
import { usageOfAll } from "../measure/process-usage.ts";
import { bundle } from "../processes/bundle.ts";
import { pin } from "../processes/cores.ts";
import { endServers } from "../processes/server-process.ts";
import type { Filled } from "./filled.ts";
import type { GrowthOptions } from "./growth-options.ts";
import { type FilledInstallation, installFilled } from "./install-filled.ts";
import { type Population, populations } from "./population.ts";
import { type SpreadWork, spreadWorks } from "./spread-works.ts";

/** What `npm run bench -- growth` found. */
export interface GrowthFindings {
  readonly loadAverageBefore: number;
  readonly pinning: string;
  readonly options: GrowthOptions;
  readonly sizes: readonly MeasuredSize[];
  readonly works: readonly GrownWork[];
}

export interface MeasuredSize {
  readonly population: Population;
  readonly fillSeconds: number;
  /** Milliseconds from exec to the first ready reply, of each start. */
  readonly starts: readonly number[];
  readonly idleMegabytes: number;
  /** After all works. */
  readonly residentMegabytes: number;
}

/** One work at the sizes that it says something about, in the order of the rounds. */
export interface GrownWork {
  readonly name: string;
  readonly sizes: readonly { readonly population: Population; readonly rounds: readonly Measurement[] }[];
}

const starts = 7;
const settlingMilliseconds = 1000;

/**
 * Measures the same works where there is little and where there is much, each on a data folder of its own, in turns.
 * @param resources gets what must be ended and removed after it, however it ends
 * @param tell is told what is being done
 */
export async function runGrowth(
  options: GrowthOptions,
  resources: AsyncDisposableStack,
  tell: (step: string) => void,
): Promise<GrowthFindings> {
  const [loadAverageBefore = Number.NaN] = loadavg();
  const pinning = pin();
  const program = await bundle("standalone", resources);
  resources.defer(endServers);
  const installations: FilledInstallation[] = [];
  for (const population of Object.values(populations(options.scale))) {
    tell(`filling: ${population.name}`);
    installations.push(await installFilled(program, pinning, population, resources));
    tell(`filled in ${installations.at(-1)?.fillSeconds.toFixed(0)} s`);
  }
  tell("starting");
  const startsOfSizes = await measureStarts(installations);
  const all: Filled[] = [];
  for (const installation of installations) all.push(installation.filled(await installation.start()));
  await delay(settlingMilliseconds);
  const idle = all.map(residentOf);

  const works: GrownWork[] = [];
  for (const work of spreadWorks.filter(({ name }) => name.startsWith(options.only))) {
    tell(work.name);
    works.push(await measureWork(work, all, options));
  }
  return {
    loadAverageBefore,
    pinning: pinning.description,
    options,
    sizes: all.map((filled, index) => ({
      population: filled.population,
      fillSeconds: installations[index]?.fillSeconds ?? Number.NaN,
      starts: startsOfSizes[index] ?? [],
      idleMegabytes: idle[index] ?? Number.NaN,
      residentMegabytes: residentOf(filled),
    })),
    works,
  };
}

/** In turns, as everything else. */
async function measureStarts(installations: readonly FilledInstallation[]): Promise<readonly number[][]> {
  const measured: number[][] = installations.map(() => []);
  for (let round = 0; round < starts; round += 1) {
    for (const [index, { start }] of installations.entries()) {
      const server = await start();
      measured[index]?.push(server.readyAfter);
      await server.stop();
    }
  }
  return measured;
}

async function measureWork(work: SpreadWork, all: readonly Filled[], options: GrowthOptions): Promise<GrownWork> {
  const prepared: { filled: Filled; flows: readonly Flow[]; rounds: Measurement[] }[] = [];
  // What lies between the smallest and the largest differs from the smallest in the number of tenants alone.
  for (const filled of all.filter((_, index) => work.isOfTenants || index !== 1)) {
    prepared.push({ filled, flows: await warmFlows(work, filled, options), rounds: [] });
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { filled, flows, rounds } of prepared) rounds.push(await measure(filled.contender, flows, options.seconds));
  }
  return { name: work.name, sizes: prepared.map(({ filled, rounds }) => ({ population: filled.population, rounds })) };
}

/** The turns go from one connection to the next. Each tenant has had one turn at least: what is measured is not how it is asked for the first time. */
async function warmFlows(
  work: SpreadWork,
  filled: Filled,
  { connections, warmUpSeconds: seconds }: GrowthOptions,
): Promise<readonly Flow[]> {
  const flowOf = await work.prepare(filled);
  let turn = 0;
  const flow: Flow = { run: (connection) => flowOf(turn++)(connection), inspect: async () => {} };
  const flows = Array.from({ length: connections }, () => flow);
  do {
    const { errors, firstError } = await runClosedLoop({ port: filled.contender.port, flows, seconds });
    if (errors > 0) throw new Error(`${work.name}, ${filled.population.name}: ${errors} wrong replies: ${firstError}`);
  } while (work.isOfTenants && turn < filled.population.tenants);
  return flows;
}

function residentOf({ contender }: Filled): number {
  return usageOfAll(contender.processIds).residentMegabytes;
}
