import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { isContentOf, matchRequestUri } from "./request-uri.ts";

const invalid = expect.objectContaining({ name: "OAuthError", code: "invalid_request_uri" });
const url = "https://app.example/request.jwt";
const content = "a.b.c";
const contentHash = createHash("sha256").update(content).digest("base64url");

test("an address that is registered is fetched, with a hash of what has to be there where it has one", () => {
  expect(matchRequestUri(url, ["https://app.example/other", url])).toEqual({ url });
  expect(matchRequestUri(`${url}#${contentHash}`, [url])).toEqual({ url, contentHash });
  expect(matchRequestUri(`${url}#${contentHash}`, [`${url}#${contentHash}`])).toEqual({ url, contentHash });
  expect(matchRequestUri(`${url}#`, [url])).toEqual({ url });
});

test.each([
  `${url}/`,
  `${url}?x=1`,
  "https://app.example/REQUEST.jwt",
  "https://app.example/x/../request.jwt",
  "http://app.example/request.jwt",
  "https://app.example:443/request.jwt",
  "https://app.example.evil.example/request.jwt",
  "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c",
  `${url}#not-a-hash`,
  `${url}#${contentHash}=`,
  `${url}#${"x".repeat(3000)}`,
])("S1: %s is not what is registered", (sent) => {
  expect(() => matchRequestUri(sent, [url])).toThrow(invalid);
});

test("an address that is registered with a hash is not good without it, or with another", () => {
  const other = createHash("sha256").update("other").digest("base64url");
  for (const sent of [url, `${url}#${other}`]) expect(() => matchRequestUri(sent, [`${url}#${contentHash}`])).toThrow(invalid);
});

test("where nothing is registered, no address is good", () => {
  expect(() => matchRequestUri(url, [])).toThrow(invalid);
});

test("what is there has the hash, or there is none to have", () => {
  expect([isContentOf({ url }, content), isContentOf({ url, contentHash }, content)]).toEqual([true, true]);
  expect([isContentOf({ url, contentHash }, `${content}\n`), isContentOf({ url, contentHash }, "")]).toEqual([false, false]);
});
