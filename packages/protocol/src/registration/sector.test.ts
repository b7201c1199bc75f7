import { expect, test } from "vitest";
import { parseClientMetadata } from "../client/client-metadata.ts";
import { isSectorOf, staysInSector } from "./sector.ts";

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

const [one, two] = ["https://a.example/cb", "https://b.example/cb"];
const sectorIdentifierUri = "https://a.example/sector";
const pairwise = (redirectUri: string, draft = {}) =>
  parseClientMetadata({ redirectUris: [redirectUri], subjectType: "pairwise", ...draft });

test.each([
  ["another path of its host", pairwise(`${one}/2`), pairwise(one), true],
  ["another host", pairwise(two), pairwise(one), false],
  ["another host that a sector identifier vouches for", pairwise(two, { sectorIdentifierUri }), pairwise(one), true],
  ["its redirect URI instead of a sector identifier", pairwise(two), pairwise(two, { sectorIdentifierUri }), false],
  ["pairwise subjects for the first time", pairwise(one), pairwise(one, { subjectType: "public" }), false],
  ["public subjects", pairwise(two, { subjectType: "public" }), pairwise(one), true],
])("a client that says %s of itself keeps its sector: %s", (_what, next, current, stays) => {
  expect(staysInSector(next, current)).toBe(stays);
});
