import { parseArgs } from "node:util";
import { compare } from "../comparison.ts";
import { installOneProcess, startBoth } from "../contenders.ts";
import { works } from "../load/works.ts";
import { spreadOf } from "../measure/statistics.ts";
import { type WorkName, workNames } from "../options.ts";
import { pin } from "../processes/cores.ts";
import { problemsOf, ratiosOf } from "../report/summary.ts";
import { table } from "../report/table.ts";
import { type GuardedWork, guardWork } from "./guarded-work.ts";
import { readRecordedRatios, writeRecordedRatios } from "./recorded-ratios.ts";

/** Short, so that all works together take less than a minute. What is recorded is measured in the same way: a server that has hardly warmed up has other ratios. */
const rounds = { rounds: 3, seconds: 0.5, warmUpSeconds: 0.7, connections: 8 };
const timesToRecord = 5;

/**
 * Compares the ratios of one process with the recorded ones, or records them.
 * @returns what to tell a person, and whether all is well
 */
export async function runGuard(
  args: readonly string[],
  resources: AsyncDisposableStack,
  tell: (step: string) => void,
): Promise<{ readonly text: string; readonly isWell: boolean }> {
  const { values } = parseArgs({ args: [...args], options: { record: { type: "boolean", default: false } } });
  const recorded = values.record ? undefined : await readRecordedRatios();
  const pinning = pin();
  const installation = await installOneProcess(pinning, resources);
  const contenders = await startBoth(installation, pinning, { peerStore: "maps" });
  const measure = (work: WorkName) => {
    tell(work);
    return compare(works[work], contenders, rounds);
  };
  if (recorded === undefined) {
    const ratios = await ratiosToRecord(measure);
    await writeRecordedRatios(ratios);
    return { text: table(Array.from(ratios, ([work, ratio]) => [work, times(ratio)])), isWell: true };
  }
  const guarded: GuardedWork[] = [];
  for (const [work, ratio] of recorded) guarded.push(await guardWork(work, ratio, () => measure(work)));
  return { text: guardReport(guarded), isWell: guarded.every(({ isKept }) => isKept) };
}

/** The median of several measurements of each work, all works in turns. */
async function ratiosToRecord(measure: (work: WorkName) => ReturnType<typeof compare>): Promise<ReadonlyMap<WorkName, number>> {
  const measured = new Map<WorkName, number[]>(workNames.map((work) => [work, []]));
  for (let time = 0; time < timesToRecord; time += 1) {
    for (const [work, ratios] of measured) {
      const comparison = await measure(work);
      const [problem] = problemsOf(comparison);
      if (problem !== undefined) throw new Error(`${work} cannot be recorded. ${problem}`);
      ratios.push(ratiosOf(comparison).cpu.median);
    }
  }
  return new Map(Array.from(measured, ([work, ratios]) => [work, spreadOf(ratios).median]));
}

function guardReport(guarded: readonly GuardedWork[]): string {
  return table([
    ["Signet : peer by CPU", "recorded", "measured", ""],
    ...guarded.map(({ work, recorded, attempts, isKept }) => [
      work,
      times(recorded),
      attempts.map((attempt) => (typeof attempt === "number" ? times(attempt) : attempt)).join(", "),
      isKept ? "kept" : "LOST",
    ]),
  ]);
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}
