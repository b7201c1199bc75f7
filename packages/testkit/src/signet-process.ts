import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";

/** Signet as a process of its own, started as `npm start` starts it. */
export interface SignetProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** All that it has printed so far. */
  output(): string;
  /** Resolves once it serves; rejects with what it printed when it ends before that. */
  ready(): Promise<void>;
  /** Resolves with the exit code, or the signal, once it has ended. */
  ended(): Promise<number | NodeJS.Signals>;
}

const main = fileURLToPath(import.meta.resolve("@signet/standalone/main"));

/** Starts it on a free port with `environment` and nothing else of Signet's settings. */
export async function spawnSignet(environment: Readonly<Record<string, string>>): Promise<SignetProcess> {
  const port = environment.SIGNET_PORT ?? String(await freePort());
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SIGNET_")));
  const child = spawn(process.execPath, [main], {
    env: { ...inherited, SIGNET_PORT: port, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      for (const listener of listeners) listener();
    });
  }
  const ending = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => signal ?? code ?? 0);
  return {
    url: `http://localhost:${port}`,
    process: child,
    output: () => printed,
    ready: () =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (printed.includes("Signet is ready")) resolve();
        };
        listeners.add(check);
        check();
        void ending.then((how) => reject(new Error(`Signet ended with ${how} before it was ready:\n${printed}`)));
      }),
    ended: () => ending,
  };
}
