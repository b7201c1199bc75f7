import { expect, test } from "vitest";
import { SharedRuns } from "./shared-runs.ts";

function openTask() {
  const runs: PromiseWithResolvers<number>[] = [];
  const shared = new SharedRuns(() => {
    const run = Promise.withResolvers<number>();
    runs.push(run);
    return run.promise;
  });
  return { runs, shared };
}

test("who asks while it runs gets the outcome of a run that began afterwards, all of them of the same one", async () => {
  const { runs, shared } = openTask();
  const first = shared.run();
  const later = [shared.run(), shared.run(), shared.run()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(1);
  expect(await first).toBe(1);
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  expect(runs).toHaveLength(2);
});

test("a run that failed is no reason not to begin the next", async () => {
  const { runs, shared } = openTask();
  const first = shared.run();
  const later = shared.run();
  runs[0]?.reject(new Error("the store is down"));
  await expect(first).rejects.toThrow("the store is down");
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve(2);
  expect(await later).toBe(2);
});

test("once nothing runs, the next who asks begins anew", async () => {
  const { runs, shared } = openTask();
  for (const outcome of [1, 2]) {
    const asked = shared.run();
    runs.at(-1)?.resolve(outcome);
    expect(await asked).toBe(outcome);
  }
});
