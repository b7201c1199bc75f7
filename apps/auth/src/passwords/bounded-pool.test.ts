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
  const pooled = boundedPool({ concurrency: 2, maximumWaiting: 8 });
  const results = ["a", "b", "c", "d"].map((name) => pooled(task(name)));
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
  const pooled = boundedPool({ concurrency: 1, maximumWaiting: 1 });
  const first = pooled(task("a"));
  const second = pooled(task("b"));
  await expect(pooled(task("c"))).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  running[0]?.end();
  await first;
  const third = pooled(task("d"));
  expect(names()).toEqual(["a", "b"]);
  running[1]?.end();
  await second;
  running[2]?.end();
  expect(await third).toBe("d");
});

test("a task that fails makes room like any other", async () => {
  const pooled = boundedPool({ concurrency: 1, maximumWaiting: 0 });
  for (let attempt = 0; attempt < 3; attempt++) {
    await expect(pooled(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  expect(await pooled(async () => "still here")).toBe("still here");
});
