import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export interface ServerProcess {
  readonly processId: number;
  /** Milliseconds from the start of the process to its first 200. */
  readonly readyAfter: number;
  /** Ends it, by force if it does not go by itself. */
  stop(): Promise<void>;
}

export interface Launch {
  /** The command and its arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers 200 as soon as the server can serve. */
  readonly readyPath: string;
}

const startMilliseconds = 30_000;
const stopMilliseconds = 10_000;
const pollMilliseconds = 2;

interface Living {
  readonly ended: Promise<void>;
  readonly printed: () => string;
}

/** Every server that has not ended. */
const living = new Map<ChildProcess, Living>();
process.once("exit", () => {
  for (const child of living.keys()) child.kill("SIGKILL");
});

/**
 * Starts a server and waits until it is ready.
 * @throws Error with what the server printed, when it ends or is not ready in time
 */
export async function launch({ command, environment, port, readyPath }: Launch): Promise<ServerProcess> {
  const [file = "", ...args] = command;
  const started = performance.now();
  const child = spawn(file, args, { env: { ...inherited(), ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  const printed = keepOutput(child);
  const dead = new AbortController();
  living.set(child, { ended: endOf(child, dead), printed });
  const stop = () => end(child);
  try {
    await becomesReady(port, readyPath, AbortSignal.any([dead.signal, AbortSignal.timeout(startMilliseconds)]));
    return { processId: child.pid ?? 0, readyAfter: performance.now() - started, stop };
  } catch (cause) {
    await stop();
    throw new Error(`${args.at(-1) ?? file} did not start. It printed:\n${printed()}`, { cause });
  }
}

/** Neither settings of another Signet nor options of this Node reach a server. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SIGNET_|NODE_|npm_)/.test(name)));
}

/** The last of what the child prints; it must be read, or the child would stall on a full pipe. */
function keepOutput(child: ChildProcess): () => string {
  let kept = "";
  const keep = (chunk: Buffer) => {
    kept = (kept + chunk.toString()).slice(-4000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => kept;
}

async function becomesReady(port: number, path: string, giveUp: AbortSignal): Promise<void> {
  while ((await statusOf(port, path, giveUp)) !== 200) await delay(pollMilliseconds, undefined, { signal: giveUp });
}

/** Undefined where nothing listens yet. */
function statusOf(port: number, path: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", () => resolve(undefined));
    sent.end();
  });
}

async function endOf(child: ChildProcess, dead: AbortController): Promise<void> {
  // Rejects where the command could not even be started: that is an end as well.
  await once(child, "close").catch(() => undefined);
  living.delete(child);
  dead.abort();
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
  await living.get(child)?.ended;
  clearTimeout(patience);
}

/** Ends every server that still runs. */
export async function endServers(): Promise<void> {
  await Promise.all(Array.from(living.keys(), end));
}

/** The last of what the servers printed that still run: why one of them answers wrongly. */
export function outputOfServers(): string {
  return Array.from(living.values(), ({ printed }) => printed()).join("\n");
}
