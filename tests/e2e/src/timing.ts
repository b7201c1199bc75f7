/** A request, by the wall clock. */
async function millisecondsOf(request: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await request();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

const attempts = 4;
/** No further attempt is begun after that. */
const longestMilliseconds = 100_000;
const near = 0.05;

/**
 * By which part of itself the median duration of `one` differs from that of `other`, at the least of a few attempts: what the machine does beside is another thing
 * each time, a difference that somebody could use is there each time. Of `count` requests every other is `other`, so that what changes meanwhile changes both.
 */
export async function medianDifference(count: number, one: () => Promise<void>, other: () => Promise<void>): Promise<number> {
  const differences: number[] = [];
  const begun = performance.now();
  const mayTryAgain = () => differences.length < attempts && performance.now() - begun < longestMilliseconds;
  do {
    const durations: [number[], number[]] = [[], []];
    for (let pair = 0; pair < count / 2; pair++) {
      // Whichever comes second finds what the first one left behind.
      for (const which of pair % 2 === 0 ? [0, 1] : [1, 0]) {
        durations[which === 0 ? 0 : 1].push(await millisecondsOf(which === 0 ? one : other));
      }
    }
    const [ones, others] = durations.map(median);
    differences.push(Math.abs((ones ?? Number.NaN) / (others ?? Number.NaN) - 1));
  } while (Math.min(...differences) > near && mayTryAgain());
  return Math.min(...differences);
}
