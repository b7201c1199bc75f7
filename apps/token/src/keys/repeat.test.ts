import { expect, test } from "vitest";
import { repeat } from "./repeat.ts";

const soon = { everyMilliseconds: 1, firstMilliseconds: 1 };

test("a task is done again and again, also after it has failed, which is told", async () => {
  const failures: unknown[] = [];
  const { promise: thrice, resolve } = Promise.withResolvers<void>();
  let times = 0;
  const { stop } = repeat({
    ...soon,
    async task() {
      times++;
      if (times === 3) resolve();
      throw new Error(`failure ${times}`);
    },
    onError: (error) => failures.push(error),
  });
  await thrice;
  await stop();
  expect(failures.slice(0, 2)).toEqual([new Error("failure 1"), new Error("failure 2")]);
});

test("it never runs twice at a time; once stopped, it is told so, waited for, and does not begin again", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  let times = 0;
  const failures: unknown[] = [];
  const { stop } = repeat({
    ...soon,
    async task(signal) {
      times++;
      begin(signal);
      await end;
      throw new Error("broken off");
    },
    onError: (error) => failures.push(error),
  });
  const signal = await begun;
  let isStopped = false;
  const stopping = stop().then(() => {
    isStopped = true;
  });
  expect([signal.aborted, isStopped]).toEqual([true, false]);
  finish();
  await stopping;
  expect([times, failures]).toEqual([1, []]);
});

test("stopped before the first time, it never begins", async () => {
  const { stop } = repeat({
    everyMilliseconds: 1,
    firstMilliseconds: 60_000,
    task: () => Promise.reject(new Error("it was stopped")),
    onError: (error) => expect(error).toBeUndefined(),
  });
  await stop();
});
