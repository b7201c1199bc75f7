import { loadavg } from "node:os";
import type { Filled } from "../growth/filled.ts";
import { installFilled } from "../growth/install-filled.ts";
import { spreadWorks } from "../growth/spread-works.ts";
import { runClosedLoop } from "../load/closed-loop.ts";
import type { Flow } from "../load/work.ts";
import { usageOfAll } from "../measure/process-usage.ts";
import { percentile } from "../measure/statistics.ts";
import { bundle } from "../processes/bundle.ts";
import { pin } from "../processes/cores.ts";
import { endServers } from "../processes/server-process.ts";
import { type OfferedLoad, runOpenLoop } from "./open-loop.ts";
import type { OverloadOptions } from "./overload-options.ts";

/** What `npm run bench -- overload` found. */
export interface OverloadFindings {
  readonly loadAverageBefore: number;
  readonly pinning: string;
  readonly options: OverloadOptions;
  readonly works: readonly OverloadedWork[];
}

export interface OverloadedWork {
  readonly name: string;
  /** On the way up: the last of them saturates. */
  readonly rising: readonly Stretch[];
  /** At the load that saturates and at twice that, in turns. */
  readonly saturating: readonly Stretch[];
  readonly twice: readonly Stretch[];
}

/** A stretch of load in numbers. */
export interface Stretch extends Omit<OfferedLoad, "servedLatencies" | "refusedLatencies"> {
  readonly servedP99Milliseconds: number;
  readonly refusedP99Milliseconds: number;
  /** Of one core: well under 1, and something else than the server was the limit. */
  readonly serverCpuShare: number;
}

const population = { name: "overload", tenants: 1, clients: 1000, users: 20_000, families: 20_000 };
/** Of one request each. */
const overloadedWorks = [
  "client-credentials, of the busy clients",
  "refresh, of each family in turn",
  "introspection",
  "userinfo",
];
const warmUpConnections = 64;
const warmUpStretches = 3;
/** From this part of what a closed loop of the warm-up reaches, by this factor at a time, so many times at most. */
const [firstStep, factor, mostSteps] = [0.6, 1.15, 10];
/** What is served is less than this part of what is offered: the load saturates. */
const followed = 0.95;

/**
 * Finds the load that saturates Signet in one process, and offers twice of it.
 * @param resources gets what must be ended and removed after it, however it ends
 * @param tell is told what is being done
 */
export async function runOverload(
  options: OverloadOptions,
  resources: AsyncDisposableStack,
  tell: (step: string) => void,
): Promise<OverloadFindings> {
  const [loadAverageBefore = Number.NaN] = loadavg();
  const pinning = pin();
  resources.defer(endServers);
  tell("starting Signet");
  const installation = await installFilled(await bundle("standalone", resources), pinning, population, resources);
  const filled = installation.filled(await installation.start());
  const works: OverloadedWork[] = [];
  for (const name of overloadedWorks.filter((one) => one.startsWith(options.only))) {
    tell(name);
    works.push(await overload(name, filled, options));
  }
  return { loadAverageBefore, pinning: pinning.description, options, works };
}

async function overload(name: string, filled: Filled, { rounds, seconds }: OverloadOptions): Promise<OverloadedWork> {
  const work = spreadWorks.find((one) => one.name === name);
  if (work === undefined) throw new Error(`there is no work called ${name}`);
  const flowOf = await work.prepare(filled);
  const { port } = filled.contender;
  let turn = 0;
  const flow: Flow["run"] = (connection) => flowOf(turn++)(connection);
  const offer = async (perSecond: number): Promise<Stretch> => {
    const before = usageOfAll(filled.contender.processIds).cpuMicroseconds;
    const load = await runOpenLoop({ port, perSecond, seconds, flow });
    const used = usageOfAll(filled.contender.processIds).cpuMicroseconds - before;
    return { ...inNumbers(load), serverCpuShare: used / 1_000_000 / seconds };
  };

  const flows = Array.from({ length: warmUpConnections }, (): Flow => ({ run: flow, inspect: async () => {} }));
  let closedLoop = 0;
  for (let stretch = 0; stretch < warmUpStretches; stretch += 1) {
    const { latencies, elapsedSeconds, errors, firstError } = await runClosedLoop({ port, flows, seconds });
    if (errors > 0) throw new Error(`${name}: ${errors} wrong replies while warming up: ${firstError}`);
    closedLoop = Math.max(closedLoop, latencies.length / elapsedSeconds);
  }

  const rising: Stretch[] = [];
  for (let step = 0, perSecond = firstStep * closedLoop; step < mostSteps; step += 1) {
    const stretch = await offer(perSecond);
    rising.push(stretch);
    // Once more, before a moment in which the machine did something else is taken for the server's limit.
    if (!saturates(stretch)) perSecond *= factor;
    else if (saturates(await offer(perSecond))) break;
  }
  const saturation = rising.at(-1)?.offeredPerSecond ?? Number.NaN;
  const [saturating, twice]: [Stretch[], Stretch[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    saturating.push(await offer(saturation));
    twice.push(await offer(2 * saturation));
  }
  return { name, rising, saturating, twice };
}

function saturates({ offeredPerSecond, servedPerSecond }: Stretch): boolean {
  return servedPerSecond < followed * offeredPerSecond;
}

function inNumbers({ servedLatencies, refusedLatencies, ...rest }: OfferedLoad): Omit<Stretch, "serverCpuShare"> {
  const p99 = (latencies: readonly number[]) => percentile(Float64Array.from(latencies).sort(), 0.99);
  return { ...rest, servedP99Milliseconds: p99(servedLatencies), refusedP99Milliseconds: p99(refusedLatencies) };
}
