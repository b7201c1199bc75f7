import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Pinning } from "../processes/cores.ts";

export interface HopServer extends AsyncDisposable {
  readonly processId: number;
  readonly url: string;
}

/** A server in a process of its own. @throws Error where it ends before it has printed its address */
export async function startHopServer({ serverPrefix }: Pinning): Promise<HopServer> {
  const [file = "", ...args] = [...serverPrefix, process.execPath, fileURLToPath(new URL("./server.ts", import.meta.url))];
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  process.once("exit", () => child.kill("SIGKILL"));
  const line = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  const url: unknown = line[0];
  if (typeof url !== "string" || child.pid === undefined) throw new Error("the server of the hop bench did not start");
  return {
    processId: child.pid,
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
