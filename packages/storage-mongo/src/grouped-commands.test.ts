import { expect, test } from "vitest";
import { GroupedCommands } from "./grouped-commands.ts";

/** Commands whose outcomes the test gives. */
function openCommands(options: { readonly maximumItems?: number; readonly maximumWaiting?: number } = {}) {
  const runs: { readonly items: readonly number[]; readonly outcomes: PromiseWithResolvers<readonly (string | Error)[]> }[] = [];
  const commands = new GroupedCommands<number, string>({
    run(items) {
      const outcomes = Promise.withResolvers<readonly (string | Error)[]>();
      runs.push({ items, outcomes });
      return outcomes.promise;
    },
    maximumItems: 3,
    maximumWaiting: 10,
    deadlineMilliseconds: 5000,
    ...options,
  });
  return { commands, runs };
}

test("what comes while a command is under way goes with the next one, in groups of at most as many as one takes", async () => {
  const { commands, runs } = openCommands();
  const first = commands.run(1);
  await expect.poll(() => runs.map(({ items }) => items)).toEqual([[1]]);
  const others = [2, 3, 4, 5].map((item) => commands.run(item));
  runs[0]?.outcomes.resolve(["one"]);
  expect(await first).toBe("one");
  await expect.poll(() => runs[1]?.items).toEqual([2, 3, 4]);
  runs[1]?.outcomes.resolve(["two", "three", "four"]);
  await expect.poll(() => runs[2]?.items).toEqual([5]);
  runs[2]?.outcomes.resolve(["five"]);
  expect(await Promise.all(others)).toEqual(["two", "three", "four", "five"]);
});

test("one that fails fails alone; a command that fails fails for all of its group, and for no other", async () => {
  const { commands, runs } = openCommands({ maximumItems: 2 });
  const outcomes = Promise.allSettled([1, 2, 3, 4, 5].map((item) => commands.run(item)));
  await expect.poll(() => runs.length).toBe(1);
  runs[0]?.outcomes.resolve(["one", new Error("refused")]);
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.outcomes.reject(new Error("away"));
  await expect.poll(() => runs.length).toBe(3);
  runs[2]?.outcomes.resolve(["five"]);
  expect((await outcomes).map((one) => (one.status === "fulfilled" ? one.value : one.reason.message))).toEqual([
    "one",
    "refused",
    "away",
    "away",
    "five",
  ]);
});

test("a command that forgets one of its items fails for all of them", async () => {
  const { commands, runs } = openCommands();
  const outcomes = Promise.allSettled([1, 2].map((item) => commands.run(item)));
  await expect.poll(() => runs.length).toBe(1);
  runs[0]?.outcomes.resolve(["one"]);
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("beyond as many as may wait one is refused at once", async () => {
  const { commands, runs } = openCommands({ maximumWaiting: 1 });
  const first = commands.run(1);
  await expect.poll(() => runs.length).toBe(1);
  const second = commands.run(2);
  await expect(commands.run(3)).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  runs[0]?.outcomes.resolve(["one"]);
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.outcomes.resolve(["two"]);
  expect(await Promise.all([first, second])).toEqual(["one", "two"]);
});

test("who waits for longer than the deadline is told that the store is unavailable", async () => {
  const commands = new GroupedCommands<number, string>({
    run: () => new Promise(() => {}),
    maximumItems: 3,
    maximumWaiting: 10,
    deadlineMilliseconds: 1,
  });
  await expect(commands.run(1)).rejects.toMatchObject({ kind: "unavailable" });
});
