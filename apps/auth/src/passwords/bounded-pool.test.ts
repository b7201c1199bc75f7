import { expect, test } from "vitest";
import { boundedPool } from "./bounded-pool.ts";

/** Tasks that run until they are told to end. */
function tasks() {
  const running: { readonly name: string; readonly end: () => void }[] = [];
  const task = (name: string) => () =>
    new Promise<string>((resolve) => {
      running.push({ name, end: () => resolve(name) });
    });
  return { running, task, names: () => running.map(({ name }) => name) };
}

test("runs as many tasks at a time as it may, and the next as soon as one ends, in the order of the calls", async () => {
  const { running, task, names } = tasks();
  const pool = boundedPool({ concurrency: 2, maximumWaiting: 8 });
  const results = ["a", "b", "c", "d"].map((name) => pool.run(task(name)));
  expect(names()).toEqual(["a", "b"]);
  running[1]?.end();
  expect(await results[1]).toBe("b");
  expect(names()).toEqual(["a", "b", "c"]);
  running[0]?.end();
  running[2]?.end();
  await Promise.all([results[0], results[2]]);
  expect(names()).toEqual(["a", "b", "c", "d"]);
  running[3]?.end();
  expect(await results[3]).toBe("d");
});

test("refuses at once what would wait beyond the bound, and takes new tasks once there is room", async () => {
  const { running, task, names } = tasks();
  const pool = boundedPool({ concurrency: 1, maximumWaiting: 1 });
  const first = pool.run(task("a"));
  const second = pool.run(task("b"));
  await expect(pool.run(task("c"))).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  running[0]?.end();
  await first;
  const third = pool.run(task("d"));
  expect(names()).toEqual(["a", "b"]);
  running[1]?.end();
  await second;
  running[2]?.end();
  expect(await third).toBe("d");
});

test("says how many tasks wait", async () => {
  const { running, task } = tasks();
  const pool = boundedPool({ concurrency: 1, maximumWaiting: 2 });
  const all = ["a", "b", "c"].map((name) => pool.run(task(name)));
  expect(pool.waiting).toBe(2);
  running[0]?.end();
  await all[0];
  expect(pool.waiting).toBe(1);
  running[1]?.end();
  await all[1];
  running[2]?.end();
  await all[2];
  expect(pool.waiting).toBe(0);
});

test("a task that fails makes room like any other", async () => {
  const pool = boundedPool({ concurrency: 1, maximumWaiting: 0 });
  for (let attempt = 0; attempt < 3; attempt++) {
    await expect(pool.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  expect(await pool.run(async () => "still here")).toBe("still here");
});
