import { parseArgs } from "node:util";
import { positive } from "../options.ts";

export interface OverloadOptions {
  readonly rounds: number;
  /** Per stretch. */
  readonly seconds: number;
  /** What the names of the works to be measured begin with. */
  readonly only: string;
  /** Whether docs/performance.md gets what was found. */
  readonly writes: boolean;
}

/** @throws Error with a text for the person who typed the arguments */
export function parseOverloadOptions(args: readonly string[]): OverloadOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      only: { type: "string", default: "" },
      write: { type: "boolean", default: false },
    },
  });
  return {
    rounds: positive("--rounds", values.rounds, 100),
    seconds: positive("--seconds", values.seconds, 600),
    only: values.only,
    writes: values.write,
  };
}
