import { parseArgs } from "node:util";

export const workNames = [
  "code-flow",
  "code-flow-rs256",
  "client-credentials",
  "refresh",
  "introspection",
  "introspection-opaque",
  "userinfo",
  "userinfo-opaque",
  "jwks",
  "discovery",
] as const;
export type WorkName = (typeof workNames)[number];

export interface Options {
  readonly works: readonly WorkName[];
  readonly rounds: number;
  /** Per measurement. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Where the peer keeps its state: its own adapter, or plain maps that forget nothing that is alive. */
  readonly peerStore: "maps" | "own";
  readonly jsonFile: string | undefined;
  /** A folder for a CPU profile of Signet. */
  readonly profileFolder: string | undefined;
  readonly check: boolean;
  /** Whether 100,000 code flows are done to see how large a process is after them. */
  readonly measuresMemory: boolean;
  /** Whether docs/performance.md gets what was found. */
  readonly writes: boolean;
}

export const usage = `npm run bench -- [options]
  --only WORK,…      of ${workNames.join(", ")}; default: all
  --rounds N         measurements of each contender and work (3)
  --seconds N        length of one measurement (5)
  --warm-up N        seconds before the first measurement of each (8)
  --connections N    flows under way at any time (16)
  --peer-store S     maps (default) or own: the adapter that the peer package brings along
  --json FILE        write the numbers
  --profile FOLDER   leave a CPU profile of Signet
  --memory           also do 100,000 code flows, for the memory after them
  --write            put what was found into docs/performance.md and its plots; implies --memory
  --check            exit with 1 where a target is missed or a reply was wrong
npm run bench -- services [options]   separate processes on Redis and MongoDB beside one process and the peer on Redis
npm run bench -- guard [--record]    whether the ratios are still what bench/recorded.json says, within a minute
npm run bench -- hop [--seconds N]   what a call between services costs over each carrier
npm run bench -- growth [--scale S] [--only NAME] [--rounds N] [--seconds N] [--warm-up N] [--connections N] [--write]
                   the same work where there is little and where there is much; S above 0 and up to 1 (1)
npm run bench -- floor [--rounds N] [--seconds N] [--warm-up N] [--connections N] [--write]
                   beside a bare program that signs, stores and answers the same and does nothing else
npm run bench -- overload [--only NAME] [--rounds N] [--seconds N] [--write]
                   the load that saturates one process, and twice that`;

/** @throws Error with a text for the person who typed the arguments */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: workNames.join(",") },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "5" },
      "warm-up": { type: "string", default: "8" },
      connections: { type: "string", default: "16" },
      "peer-store": { type: "string", default: "maps" },
      json: { type: "string" },
      profile: { type: "string" },
      check: { type: "boolean", default: false },
      memory: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  return {
    works: values.only.split(",").map(workName),
    rounds: positive("--rounds", values.rounds, 100),
    seconds: positive("--seconds", values.seconds, 600),
    warmUpSeconds: positive("--warm-up", values["warm-up"], 600),
    connections: positive("--connections", values.connections, 256),
    peerStore: peerStore(values["peer-store"]),
    jsonFile: values.json,
    profileFolder: values.profile,
    check: values.check,
    measuresMemory: values.memory || values.write,
    writes: values.write,
  };
}

function workName(given: string): WorkName {
  const found = workNames.find((name) => name === given);
  if (found === undefined) throw new Error(`--only takes ${workNames.join(", ")}; "${given}" is none of them`);
  return found;
}

export function positive(option: string, given: string, maximum: number): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1 || value > maximum) {
    throw new Error(`${option} must be a whole number from 1 to ${maximum}`);
  }
  return value;
}

function peerStore(given: string): "maps" | "own" {
  if (given !== "maps" && given !== "own") throw new Error("--peer-store must be maps or own");
  return given;
}
