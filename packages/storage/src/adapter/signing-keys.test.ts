import { expect, test } from "vitest";
import { aSigningKey } from "../contract/fixtures/index.ts";
import { signingKeysIn, signingKeysJson } from "./signing-keys.ts";

test("keys come out as they went in, and members that a newer version has added stay behind", () => {
  const keys = [aSigningKey(), aSigningKey()];
  expect(signingKeysIn(signingKeysJson(keys))).toStrictEqual(keys);
  const added = JSON.stringify(keys.map((key) => ({ ...key, addedLater: true })));
  expect(signingKeysIn(added)).toStrictEqual(keys);
});

test.each(["[]", "{}", '"key"', "[1]", "[null]", '[{"id":"x"}]'])("%s is refused rather than believed", (json) => {
  expect(() => signingKeysIn(json)).toThrow();
});
