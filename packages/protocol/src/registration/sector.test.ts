import { expect, test } from "vitest";
import { isSectorOf } from "./sector.ts";

const uris = ["https://a.example/cb", "https://b.example/cb"];

test.each([
  [[...uris], true],
  [[...uris, "https://c.example/cb"], true],
  [["https://a.example/cb"], false],
  [["https://a.example/cb", "https://b.example/CB"], false],
  [[...uris, 1], false],
  [{ 0: uris[0], 1: uris[1], length: 2 }, false],
  ["https://a.example/cb https://b.example/cb", false],
  [null, false],
])("whether %j has every redirect URI is %s", (document, isSector) => {
  expect(isSectorOf(document, uris)).toBe(isSector);
});
