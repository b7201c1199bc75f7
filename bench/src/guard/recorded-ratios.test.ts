import { expect, test } from "vitest";
import { workNames } from "../options.ts";
import { parseRecordedRatios, readRecordedRatios } from "./recorded-ratios.ts";

test("what is recorded has a ratio for each work", async () => {
  expect([...(await readRecordedRatios()).keys()]).toEqual(workNames);
});

test.each(["{}", '{"code-flow": "2.1"}', '{"code-flow": 0}'])("a work without a ratio is refused: %s", (text) => {
  expect(() => parseRecordedRatios(text)).toThrow("no ratio for code-flow");
});
