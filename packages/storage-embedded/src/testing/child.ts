import {
  type ChildProcessByStdio,
  type SpawnOptionsWithStdioTuple,
  type StdioNull,
  type StdioPipe,
  spawn,
} from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  /** Its output, line by line. */
  readonly lines: Interface;
  /** Ends it as the kernel ends a process that it has no memory for; resolves once it is gone. */
  kill(): Promise<void>;
  /** Resolves with its exit code once it has ended by itself. */
  ended(): Promise<number | null>;
}

/** The cache, at the place where Node.js has it by default, spares each child the translation of the same sources. */
const options: SpawnOptionsWithStdioTuple<StdioPipe, StdioPipe, StdioNull> = {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
};

/** Runs a script of this folder in a process of its own, which is gone at the end of the test. */
export function startChild(script: string, ...parameters: string[]): Child {
  return childOf(spawn(process.execPath, [pathOf(script), ...parameters], options));
}

/** The same, in a process that may write no file larger than `blocks` blocks of 512 bytes: the disk is full for it. */
export function startChildWithFileLimit(blocks: number, script: string, ...parameters: string[]): Child {
  const shell = ["-c", `ulimit -f ${blocks} && exec "$0" "$@"`, process.execPath, pathOf(script), ...parameters];
  return childOf(spawn("sh", shell, options));
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}

function childOf(process: ChildProcessByStdio<Writable, Readable, null>): Child {
  const exit = once(process, "exit");
  const lines = createInterface({ input: process.stdout });
  const kill = async () => {
    process.kill("SIGKILL");
    await exit;
  };
  onTestFinished(kill);
  return {
    lines,
    kill,
    async ended() {
      await exit;
      return process.exitCode;
    },
  };
}
