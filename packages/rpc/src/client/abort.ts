import { ClientError, Status } from "nice-grpc-common";

/** What a call fails with whose signal has aborted: the signal's reason where that is a call's error, such as a deadline; else CANCELLED. */
export function abortError(path: string, { reason }: { readonly reason: unknown }): ClientError {
  return reason instanceof ClientError ? reason : new ClientError(path, Status.CANCELLED, "the call was cancelled");
}

/** As `running`, but over as soon as the signal aborts, whether or not anybody heeds it. */
export function untilAborted<Result>(running: Promise<Result>, path: string, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return running;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError(path, signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** As `messages`, but over as soon as the signal aborts. */
export async function* eachUntilAborted<Message>(
  messages: AsyncIterable<Message>,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Message, void, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      // The handler is not asked for a message that nobody would read.
      if (signal?.aborted) throw abortError(path, signal);
      const { done, value } = await untilAborted(iterator.next(), path, signal);
      if (done === true) return;
      yield value;
    }
  } finally {
    // Not awaited: a generator that waits for something else would answer only after that.
    iterator.return?.().catch(() => undefined);
  }
}
