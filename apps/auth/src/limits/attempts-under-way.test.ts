import { expect, test } from "vitest";
import { attemptsUnderWay } from "./attempts-under-way.ts";

/** Waits, and notes who was woken, in order. */
function waiters(names: readonly string[], underWay = attemptsUnderWay()) {
  const woken: string[] = [];
  const end = underWay.begin("a");
  const waits = names.map(async (name) => {
    if (await underWay.wait("a")) woken.push(name);
  });
  return { underWay, woken, end, waits };
}

test("where nothing is under way there is nothing to wait for", async () => {
  const underWay = attemptsUnderWay();
  underWay.begin("b");
  expect(await underWay.wait("a")).toBe(false);
});

test("a right one wakes all, one that was not evaluated the first, and a wrong one nobody until it is the last", async () => {
  for (const [ending, expected] of [
    ["right", ["x", "y"]],
    ["not evaluated", ["x"]],
    ["wrong", []],
  ] as const) {
    const { underWay, woken, end } = waiters(["x", "y"]);
    const last = underWay.begin("a");
    end(ending);
    await Promise.resolve();
    await Promise.resolve();
    expect(woken).toEqual(expected);
    last("wrong");
    await Promise.resolve();
    await Promise.resolve();
    expect(woken).toEqual(["x", "y"]);
  }
});

test("no more than 64 wait", async () => {
  const { underWay, end, waits } = waiters(Array.from({ length: 64 }, (_, index) => String(index)));
  expect(await underWay.wait("a")).toBe(false);
  end("right");
  await Promise.all(waits);
});
