/** Fulfilled when `promise` is, or when the signal aborts, whichever is first. */
export function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => resolve();
    if (signal.aborted) done();
    signal.addEventListener("abort", done, { once: true });
    promise.then(done, reject).finally(() => signal.removeEventListener("abort", done));
  });
}
