/** No reply waits for more than so many others. */
const maximumTogether = 4;

let waiting: (() => void)[] = [];

/**
 * Resolves once all that had arrived by this turn of the event loop was read, or as soon as four wait for it. Replies that are then written in a row
 * wake whoever reads them once instead of each time, which is a fifth of a token request's CPU time where that is a process on this machine.
 */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(release);
    waiting.push(resolve);
    if (waiting.length === maximumTogether) release();
  });
}

function release(): void {
  const released = waiting;
  waiting = [];
  for (const resolve of released) resolve();
}
