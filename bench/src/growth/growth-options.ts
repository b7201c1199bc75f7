import { parseArgs } from "node:util";
import { positive } from "../options.ts";

export interface GrowthOptions {
  /** Of the largest sizes, above 0 and up to 1. */
  readonly scale: number;
  readonly rounds: number;
  /** Per measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** What the names of the works to be measured begin with. */
  readonly only: string;
  /** Whether docs/performance.md gets what was found. */
  readonly writes: boolean;
}

/** @throws Error with a text for the person who typed the arguments */
export function parseGrowthOptions(args: readonly string[]): GrowthOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: "string", default: "1" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      "warm-up": { type: "string", default: "4" },
      connections: { type: "string", default: "16" },
      only: { type: "string", default: "" },
      write: { type: "boolean", default: false },
    },
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1)) throw new Error("--scale must be a number above 0 and up to 1");
  return {
    scale,
    rounds: positive("--rounds", values.rounds, 100),
    seconds: positive("--seconds", values.seconds, 600),
    warmUpSeconds: positive("--warm-up", values["warm-up"], 600),
    connections: positive("--connections", values.connections, 256),
    only: values.only,
    writes: values.write,
  };
}
