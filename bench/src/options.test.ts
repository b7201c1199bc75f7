import { expect, test } from "vitest";
import { parseOptions, workNames } from "./options.ts";

test("without arguments everything is measured, three times five seconds", () => {
  expect(parseOptions([])).toMatchObject({
    works: workNames,
    rounds: 3,
    seconds: 5,
    check: false,
  });
});

test("what is written down includes the memory after many flows", () => {
  expect(parseOptions(["--write"])).toMatchObject({ writes: true, measuresMemory: true });
  expect(parseOptions(["--memory"])).toMatchObject({ writes: false, measuresMemory: true });
});

test("--only selects", () => {
  expect(parseOptions(["--only", "refresh,code-flow"]).works).toEqual(["refresh", "code-flow"]);
});

test.each([
  [["--only", "revocation"], "none of them"],
  [["--rounds", "0"], "--rounds"],
  [["--seconds", "1.5"], "--seconds"],
  [["--connections", "1000"], "--connections"],
  [["--peer-store", "redis"], "--peer-store"],
  [["--fast"], "--fast"],
])("%j is refused with a text that names it", (args, text) => {
  expect(() => parseOptions(args)).toThrow(text);
});
