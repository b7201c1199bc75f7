import { fileURLToPath } from "node:url";
import { freePort } from "@signet/test-servers";
import { type Program, startProgram } from "./topologies/program.ts";

/** Signet as a process of its own, started as `npm start` starts it. */
export interface SignetProcess extends Omit<Program, "printed"> {
  readonly url: string;
  /** Resolves once it serves; rejects with what it printed when it ends before that. */
  ready(): Promise<void>;
}

const main = fileURLToPath(import.meta.resolve("@signet/standalone/main"));

/** Starts it on a free port with `environment` and nothing else of Signet's settings. It ends with this process at the latest. */
export async function spawnSignet(environment: Readonly<Record<string, string>>): Promise<SignetProcess> {
  const port = environment.SIGNET_PORT ?? String(await freePort());
  const program = startProgram([main], { SIGNET_PORT: port, ...environment });
  return { ...program, url: `http://localhost:${port}`, ready: () => program.printed("Signet is ready") };
}
