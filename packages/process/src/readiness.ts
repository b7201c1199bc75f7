import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@signet/telemetry";

export interface ReadinessOptions {
  /** What the process cannot serve without, by name: each resolves where it is there, and rejects within its own deadline where it is not. */
  readonly needs: Readonly<Record<string, () => Promise<unknown>>>;
  /** What has to be there once, by name, before the process can serve for the first time; later on what needs it fails, and the rest goes on. */
  readonly needsAtStart?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Done once, when everything is there for the first time and before the process counts as ready. */
  readonly prepare?: () => Promise<void>;
  /** Whether a failure of `prepare` may go away by itself; then it is done again. */
  readonly mayPass?: (error: unknown) => boolean;
  readonly onChange: (waitingFor: readonly string[]) => void;
  readonly logger: Pick<Logger, "info" | "warn">;
}

export interface Readiness {
  /** Names what is missing at the moment; empty where the process can serve. */
  waitingFor(): readonly string[];
  /** Resolves once the process can serve for the first time. Rejects with what `prepare` failed of for good. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const intervalMilliseconds = 1000;
/** While something is missing, so that a start in any order is a quick one. */
const impatientMilliseconds = 200;
/** While something stays away, it is said again with what it answers. */
const reminderMilliseconds = 10_000;
const preparation = "its preparation";

/** Looks every second whether everything is there that a process needs, and says so whenever that changes. */
export function watchReadiness({
  needs,
  needsAtStart = {},
  prepare,
  mayPass = () => false,
  onChange,
  logger,
}: ReadinessOptions): Readiness {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const closing = new AbortController();
  let isPrepared = prepare === undefined;
  let asked = { ...needs, ...needsAtStart };
  let missing: readonly string[] = [...Object.keys(asked), ...(isPrepared ? [] : [preparation])];

  /** Why each of those that are missing is, as far as it is known. */
  let reasons: Readonly<Record<string, string>> = {};
  let saidAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<readonly string[]> {
    const found = await Promise.all(Object.entries(asked).map(async ([name, need]) => [name, await absenceOf(need)] as const));
    const failed = found.flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason] as const]));
    reasons = Object.fromEntries(failed);
    const absent = failed.map(([name]) => name);
    if (absent.length > 0 || isPrepared || prepare === undefined) return isPrepared ? absent : [...absent, preparation];
    try {
      await prepare();
      isPrepared = true;
      return [];
    } catch (error) {
      if (!mayPass(error)) throw error;
      return [preparation];
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const now = await look();
      if (closing.signal.aborted) return;
      const isOther = now.join() !== missing.join();
      missing = now;
      if (isOther) onChange(now);
      if (isOther && now.length === 0) logger.info("ready");
      if (now.length > 0 && (isOther || performance.now() - saidAt > reminderMilliseconds)) {
        saidAt = performance.now();
        logger.warn({ waitingFor: now, reasons }, "waiting for what is away");
      }
      if (now.length === 0) {
        asked = needs;
        resolve();
      }
      const pause = now.length === 0 ? intervalMilliseconds : impatientMilliseconds;
      await delay(pause, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  logger.info({ waitingFor: missing }, "starting");
  const running = run().catch(reject);
  // Whoever does not wait for it is not told of its failure twice.
  ready.catch(() => {});
  return {
    waitingFor: () => missing,
    ready,
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** Undefined where it is there, or else what it says. */
async function absenceOf(need: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await need();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** What the first cause of all says: that of a store, not what was made of it on the way. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : messageOf(error.cause);
}
