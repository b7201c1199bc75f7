import { readFile, writeFile } from "node:fs/promises";
import { type WorkName, workNames } from "../options.ts";

/** What Signet : peer was by CPU time when it was last recorded. */
export type RecordedRatios = ReadonlyMap<WorkName, number>;

const file = new URL("../../recorded.json", import.meta.url);

/** @throws Error for a file that lacks a work, with what to do about it */
export async function readRecordedRatios(): Promise<RecordedRatios> {
  return parseRecordedRatios(await readFile(file, "utf8"));
}

export async function writeRecordedRatios(ratios: RecordedRatios): Promise<void> {
  const rounded = Array.from(ratios, ([work, ratio]) => [work, Math.round(ratio * 100) / 100] as const);
  await writeFile(file, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}

/** @throws Error for a text that lacks a work, with what to do about it */
export function parseRecordedRatios(text: string): RecordedRatios {
  const recorded: unknown = JSON.parse(text);
  if (typeof recorded !== "object" || recorded === null) throw new Error("bench/recorded.json is no JSON object");
  return new Map(workNames.map((work) => [work, ratioIn(recorded, work)]));
}

function ratioIn(recorded: object, work: WorkName): number {
  const ratio: unknown = Reflect.get(recorded, work);
  if (typeof ratio === "number" && ratio > 0) return ratio;
  throw new Error(`bench/recorded.json has no ratio for ${work}: npm run bench -- guard --record`);
}
