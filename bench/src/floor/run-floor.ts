import { measureInTurns, type Rounds } from "../comparison.ts";
import { installOneProcess } from "../contenders.ts";
import { works } from "../load/works.ts";
import type { Measurement } from "../measure/measurement.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import { pin } from "../processes/cores.ts";
import { brief } from "../report/report.ts";
import { table } from "../report/table.ts";
import { startFloor } from "./start-floor.ts";

const flooredWorks = ["code-flow", "client-credentials", "refresh"] as const;
/** Of the floor's throughput. */
const leastShare = 0.6;

/**
 * Signet in one process beside the bare program, as a table.
 * @param resources gets what must be ended and removed after it, however it ends
 */
export async function runFloor(rounds: Rounds, resources: AsyncDisposableStack, tell: (step: string) => void): Promise<string> {
  const pinning = pin();
  tell("starting Signet and the floor");
  const installation = await installOneProcess(pinning, resources);
  const signet = installation.contender(await installation.start());
  const floor = await startFloor(pinning, resources);
  const rows = [["", "flows/s", "CPU µs/flow", "p99 ms", "target", ""]];
  const problems: string[] = [];
  for (const name of flooredWorks) {
    tell(name);
    const { measured, warmUpErrors } = await measureInTurns(works[name], [signet, floor], rounds);
    const [ofSignet = [], ofFloor = []] = measured;
    const share = spreadOf(ofSignet.map((one, round) => one.flowsPerSecond / (ofFloor[round] ?? one).flowsPerSecond));
    rows.push([name], row("  Signet", ofSignet), row("  floor", ofFloor), shareRow(share));
    problems.push(...warmUpErrors, ...[...ofSignet, ...ofFloor].flatMap(({ firstError }) => firstError ?? []));
  }
  return [table(rows), ...problems.map((problem) => `\nINVALID: ${problem}`)].join("\n");
}

function row(name: string, rounds: readonly Measurement[]): string[] {
  const spread = (value: (one: Measurement) => number) => spreadOf(rounds.map(value));
  return [
    name,
    brief(
      spread((one) => one.flowsPerSecond),
      0,
    ),
    brief(
      spread((one) => one.serverCpuMicrosecondsPerFlow),
      0,
    ),
    spread((one) => one.p99Milliseconds).median.toFixed(2),
  ];
}

function shareRow(share: Spread): string[] {
  const percent = ({ median, minimum, maximum }: Spread) =>
    `${(median * 100).toFixed(0)} % (${(minimum * 100).toFixed(0)}–${(maximum * 100).toFixed(0)})`;
  return ["  Signet : floor", percent(share), "", "", `≥ ${leastShare * 100} %`, share.median >= leastShare ? "met" : "MISSED"];
}
