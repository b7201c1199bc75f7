import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program of Signet in a process of its own. */
export interface Program {
  /** All that it has printed so far. */
  output(): string;
  /** Resolves once it has printed `text`; rejects with what it printed when it ends before that. */
  printed(text: string): Promise<void>;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal, once it has ended. */
  ended(): Promise<number | NodeJS.Signals>;
}

/**
 * Starts `node main …parameters` with `environment` and nothing else of Signet's settings, or another executable than Node likewise. It ends with this
 * process at the latest.
 */
export function startProgram(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  executable: string = process.execPath,
): Program {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SIGNET_")));
  const child = spawn(executable, [...parameters], {
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("the process could not be started");
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ending = ended(child);
  return {
    output: () => output,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (output.includes(text)) resolve();
        };
        listeners.add(check);
        check();
        void ending.then((how) => reject(new Error(`the program ended with ${how} before it printed "${text}":\n${output}`)));
      }),
    pid,
    signal: (name) => void child.kill(name),
    ended: () => ending,
  };
}

const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  children.add(child);
  const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, "close");
  children.delete(child);
  return signal ?? code ?? 0;
}
