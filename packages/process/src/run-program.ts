import { type App, type Configs, readConfig } from "@signet/config";
import type { Clock, Instant } from "@signet/protocol";
import { startTelemetry, type Telemetry } from "@signet/telemetry";
import { atFirstSignal } from "./at-first-signal.ts";
import { explainFailedStart } from "./explain-failed-start.ts";
import { isReady } from "./is-ready.ts";
import { machineTime } from "./machine-time.ts";
import { requireUsableTls } from "./require-tls.ts";
import { StartError } from "./start-error.ts";
import { steadyClock } from "./steady-clock.ts";

/** What every program is started with besides its configuration. */
export interface Surroundings {
  readonly telemetry: Telemetry;
  /** Never goes back, and is right by those of MongoDB and Redis once both have been heard. */
  readonly clock: Clock;
  /** What the clock of a store shows at the moment. */
  readonly hear: (store: "mongodb" | "redis", time: Instant) => void;
}

export interface RunningProgram {
  /** Where it listens, the port included. */
  readonly url: string;
  /** Resolves once it can serve; rejects where it never will. */
  readonly ready: Promise<void>;
  /** Finishes what it has accepted, within ten seconds, and lets go of everything. */
  close(): Promise<void>;
}

export type Start<Name extends App> = (config: Configs[Name], surroundings: Surroundings) => Promise<RunningProgram>;

/**
 * Runs `app` as this process: from its environment to the exit code, 0 after SIGTERM or SIGINT, 1 with readable lines on standard error where it
 * cannot start. A `clock` that is given takes the place of the machine's, and heeds no store's. With `health` as its argument it only asks the one that runs with the same settings whether it is ready: 0, or else 1.
 */
export async function runProgram<Name extends App>(app: Name, start: Start<Name>, clock?: Clock): Promise<void> {
  try {
    const config = readConfig(app);
    if ("tls" in config) requireUsableTls(config.tls);
    const [, , argument] = process.argv;
    if (argument === "health") process.exit((await isReady(config)) ? 0 : 1);
    if (argument !== undefined) throw new StartError(`"${argument}" is no argument of Signet: there is health, or none`);
    const telemetry = await startTelemetry({ service: app, ...config });
    const { logger } = telemetry;
    const time = clock === undefined ? machineTime({ logger }) : { clock: steadyClock(clock), hear: () => {} };
    const running = await start(config, { telemetry, ...time });
    logger.info({ url: running.url }, "listening");
    const stop = async () => {
      logger.info("stopping");
      await running.close();
      await telemetry.close();
      process.exit(0);
    };
    atFirstSignal(stop);
    await running.ready;
  } catch (error) {
    process.stderr.write(explainFailedStart(`signet ${app}`, error));
    process.exit(1);
  }
}
