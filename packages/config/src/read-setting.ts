import { readFileSync, statSync } from "node:fs";

export const largestFileBytes = 65_536;

/** The content of a file without the white space around it; undefined where it cannot be read or is too long. */
export function readSetting(path: string): string | undefined {
  try {
    return statSync(path).size > largestFileBytes ? undefined : readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
