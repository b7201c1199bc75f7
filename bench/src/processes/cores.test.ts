import { expect, test } from "vitest";
import { parseCoreList } from "./cores.ts";

test.each([
  ["0", [0]],
  ["0-2,5", [0, 1, 2, 5]],
  ["2,4-5", [2, 4, 5]],
  ["", []],
])("the core list %j", (list, cores) => {
  expect(parseCoreList(list)).toEqual(cores);
});
