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

  async function look(): Promise<readonly string[]> {
    const found = await Promise.all(Object.entries(asked).map(async ([name, need]) => ((await isThere(need)) ? [] : [name])));
    const absent = found.flat();
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
      if (now.join() !== missing.join()) {
        missing = now;
        onChange(now);
        if (now.length > 0) logger.warn({ waitingFor: now }, "waiting for what is away");
        else logger.info("ready");
      }
      if (now.length === 0) {
        asked = needs;
        resolve();
      }
      await pause(now.length === 0 ? intervalMilliseconds : impatientMilliseconds, closing.signal);
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

async function isThere(need: () => Promise<unknown>): Promise<boolean> {
  try {
    await need();
    return true;
  } catch {
    return false;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
