import { randomShare } from "@signet/rpc";

export interface Repetition {
  readonly task: (signal: AbortSignal) => Promise<void>;
  /** From one end to the next beginning, on average; up to a half more or less, so that replicas do not keep step. */
  readonly everyMilliseconds: number;
  /** The first time begins within it. */
  readonly firstMilliseconds: number;
  readonly onError: (error: unknown) => void;
}

export interface Repeated {
  /** No further time begins; resolves once the one under way has ended. */
  stop(): Promise<void>;
}

/** Does a task again and again, whether it fails or not, until it is stopped. */
export function repeat({ task, everyMilliseconds, firstMilliseconds, onError }: Repetition): Repeated {
  const stopping = new AbortController();
  let underWay: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, firstMilliseconds * randomShare()).unref();

  function begin(): void {
    underWay = run();
  }

  async function run(): Promise<void> {
    try {
      await task(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) onError(error);
    }
    if (!stopping.signal.aborted) timer = setTimeout(begin, everyMilliseconds * (0.5 + randomShare())).unref();
  }

  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await underWay;
    },
  };
}
