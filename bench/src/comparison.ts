import type { Contender } from "./contender.ts";
import { runClosedLoop } from "./load/closed-loop.ts";
import type { Flow, Work } from "./load/work.ts";
import { type Measurement, measure } from "./measure/measurement.ts";
import type { WorkName } from "./options.ts";

/** One work, measured at both in turns. */
export interface Comparison {
  readonly work: WorkName;
  /** In the order of the rounds. */
  readonly signet: readonly Measurement[];
  readonly peer: readonly Measurement[];
  /** Wrong replies of the warm-up; any makes the comparison worthless. */
  readonly warmUpErrors: readonly string[];
}

export interface Rounds {
  readonly rounds: number;
  /** Per measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
}

export async function compare(
  work: Work,
  { signet, peer }: { readonly signet: Contender; readonly peer: Contender },
  rounds: Rounds,
): Promise<Comparison> {
  const { measured, warmUpErrors } = await measureInTurns(work, [signet, peer], rounds);
  const [ofSignet = [], ofPeer = []] = measured;
  return { work: work.name, signet: ofSignet, peer: ofPeer, warmUpErrors };
}

export interface MeasuredInTurns {
  /** Of each contender, in the order of the rounds. */
  readonly measured: readonly (readonly Measurement[])[];
  readonly warmUpErrors: readonly string[];
}

/** Warms all of them up, checking their replies, and measures them A B A B, so that what else the machine does hits all alike. */
export async function measureInTurns(work: Work, contenders: readonly Contender[], options: Rounds): Promise<MeasuredInTurns> {
  const warmUpErrors: string[] = [];
  const prepared: { readonly contender: Contender; readonly flows: readonly Flow[]; readonly rounds: Measurement[] }[] = [];
  for (const contender of contenders) {
    const flows = await prepareFlows(work, contender, options.connections);
    const load = { port: contender.port, flows, seconds: options.warmUpSeconds, inspectsFirst: true };
    const { errors, firstError } = await runClosedLoop(load);
    if (errors > 0) warmUpErrors.push(`${contender.name}: ${errors} wrong replies while warming up: ${firstError}`);
    prepared.push({ contender, flows, rounds: [] });
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { contender, flows, rounds } of prepared) rounds.push(await measure(contender, flows, options.seconds));
  }
  return { measured: prepared.map(({ rounds }) => rounds), warmUpErrors };
}

/** One flow for each connection, made one after the other: a server may take only a few password checks at a time. */
export async function prepareFlows(work: Work, contender: Contender, connections: number): Promise<readonly Flow[]> {
  const flows: Flow[] = [];
  for (let index = 0; index < connections; index += 1) flows.push(await work.prepare(contender));
  return flows;
}
