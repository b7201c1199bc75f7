import type { Contender } from "./contender.ts";
import { runClosedLoop } from "./load/closed-loop.ts";
import type { Work } from "./load/work.ts";
import { type Measurement, measure } from "./measure/measurement.ts";
import type { Options, WorkName } from "./options.ts";

/** One work, measured at both in turns. */
export interface Comparison {
  readonly work: WorkName;
  /** In the order of the rounds. */
  readonly signet: readonly Measurement[];
  readonly peer: readonly Measurement[];
  /** Wrong replies of the warm-up; any makes the comparison worthless. */
  readonly warmUpErrors: readonly string[];
}

/** Warms both up, checking their replies, and measures them A B A B, so that what else the machine does hits both alike. */
export async function compare(
  work: Work,
  { signet, peer }: { readonly signet: Contender; readonly peer: Contender },
  { rounds, seconds, warmUpSeconds, connections }: Options,
): Promise<Comparison> {
  const prepare = async (contender: Contender) => {
    const flows = [];
    // One after the other: a server may take only a few password checks at a time.
    for (let index = 0; index < connections; index += 1) flows.push(await work.prepare(contender));
    const load = { port: contender.port, flows, seconds: warmUpSeconds, inspectsFirst: true };
    const { errors, firstError } = await runClosedLoop(load);
    return { flows, errors: errors === 0 ? [] : [`${contender.name}: ${errors} wrong replies while warming up: ${firstError}`] };
  };
  const preparedSignet = await prepare(signet);
  const preparedPeer = await prepare(peer);
  const ofSignet: Measurement[] = [];
  const ofPeer: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ofSignet.push(await measure(signet, preparedSignet.flows, seconds));
    ofPeer.push(await measure(peer, preparedPeer.flows, seconds));
  }
  return { work: work.name, signet: ofSignet, peer: ofPeer, warmUpErrors: [...preparedSignet.errors, ...preparedPeer.errors] };
}
