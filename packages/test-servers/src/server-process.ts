import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A server program: how it is started, and how it shows that it serves. */
export interface ServerProgram {
  /** Its name on PATH. */
  readonly command: string;
  parameters(place: { readonly port: number; readonly folder: string }): readonly string[];
  /** Whether the server on `port` answers. Asked again and again from its start on. */
  answers(port: number): Promise<boolean>;
}

const startMilliseconds = 30_000;
const pollMilliseconds = 10;

/** Whether there is a program called `command` on PATH. */
export function isOnPath(command: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A server in a process of its own, on a free port of 127.0.0.1 and with a data folder of its own, which it keeps from one start to the next. It
 * ends with the process that started it at the latest.
 */
export class ServerProcess {
  readonly #program: ServerProgram;
  #folder: string | undefined;
  #port: number | undefined;
  #running: ChildProcess | undefined;
  readonly #onExit = () => this.#running?.kill("SIGKILL");

  constructor(program: ServerProgram) {
    this.#program = program;
    process.once("exit", this.#onExit);
  }

  /** The same for every start. */
  get port(): number {
    if (this.#port === undefined) throw new Error(`${this.#program.command} was not started yet`);
    return this.#port;
  }

  /** Resolves once the server answers. */
  async start(): Promise<void> {
    if (this.#port !== undefined) await this.#startOn(this.#port);
    else this.#port = await this.#startOnFreePort();
  }

  async #startOnFreePort(): Promise<number> {
    for (let attempts = 1; ; attempts++) {
      const port = await freePort();
      try {
        await this.#startOn(port);
        return port;
      } catch (error) {
        // Somebody may have been quicker to take the port.
        if (!(error instanceof EndedAtOnce) || attempts === 3) throw error;
      }
    }
  }

  async #startOn(port: number): Promise<void> {
    const { command, parameters, answers } = this.#program;
    this.#folder ??= mkdtempSync(join(tmpdir(), `signet-${command}-`));
    const child = spawn(command, parameters({ port, folder: this.#folder }), { stdio: "ignore", cwd: this.#folder });
    this.#running = child;
    await once(child, "spawn");
    const until = performance.now() + startMilliseconds;
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new EndedAtOnce(`${command} ended at once, with exit code ${child.exitCode}`);
      if (performance.now() > until) throw new Error(`${command} does not answer ${startMilliseconds} ms after its start`);
      await setTimeout(pollMilliseconds);
    }
  }

  /** Stands still from now on, with its connections open, until it is resumed. */
  pause(): void {
    this.#running?.kill("SIGSTOP");
  }

  resume(): void {
    this.#running?.kill("SIGCONT");
  }

  /** Ends the server as the kernel ends a process that it has no memory for; resolves once it is gone. */
  async kill(): Promise<void> {
    const child = this.#running;
    this.#running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  /** Ends the server for good, and deletes its data. */
  async end(): Promise<void> {
    await this.kill();
    process.removeListener("exit", this.#onExit);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

class EndedAtOnce extends Error {
  override readonly name = "EndedAtOnce";
}
