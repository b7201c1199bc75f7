import { expect, test } from "vitest";
import { warnSparingly } from "./warn-sparingly.ts";

test("says the first failure at once, and then one in ten seconds with how many there were in between", () => {
  const said: unknown[] = [];
  let now = 0;
  const warn = warnSparingly({ warn: (...line: unknown[]) => said.push(line) }, "Redis is away", () => now);
  for (; now < 20_000; now += 1000) warn(now / 1000);
  expect(said).toEqual([
    [{ err: 0 }, "Redis is away"],
    [{ err: 10, unsaid: 9 }, "Redis is away"],
  ]);
});
