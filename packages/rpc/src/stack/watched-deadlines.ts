/** What is to end at a certain time unless it has ended before. */
export interface Ending {
  /** By the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number;
  /** The deadline has passed. Called once, and not after `forgetDeadline`. */
  onDeadline(): void;
}

/** Deadlines that are further away than this may be noticed as much later. */
const tickMilliseconds = 50;
/** What is nearer gets a timer of its own. */
const nearMilliseconds = 250;

const distant = new Set<Ending>();
const near = new Map<Ending, NodeJS.Timeout>();
let ticking: NodeJS.Timeout | undefined;

/**
 * Ends it at its deadline. One timer looks after all whose deadline is a while away, since hardly any gets there: a timer for each would cost more than
 * much else about a call.
 */
export function watchDeadline(ending: Ending): void {
  const left = ending.deadline - performance.now();
  if (left < nearMilliseconds) {
    near.set(ending, setTimeout(end, Math.ceil(left), ending));
    return;
  }
  distant.add(ending);
  if (ticking === undefined) ticking = setTimeout(tick, tickMilliseconds);
}

/** It has ended. */
export function forgetDeadline(ending: Ending): void {
  if (distant.delete(ending)) return;
  clearTimeout(near.get(ending));
  near.delete(ending);
}

function tick(): void {
  const now = performance.now();
  for (const ending of distant) if (ending.deadline <= now) end(ending);
  ticking = distant.size === 0 ? undefined : setTimeout(tick, tickMilliseconds);
}

function end(ending: Ending): void {
  forgetDeadline(ending);
  ending.onDeadline();
}
