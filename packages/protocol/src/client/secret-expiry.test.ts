import { expect, test } from "vitest";
import { instant } from "../instant.ts";
import { parseChangedSecretExpiry, parseSecretExpiry } from "./secret-expiry.ts";

test("a secret ends at its epoch second, or never where it is 0", () => {
  expect([parseSecretExpiry(0), parseSecretExpiry(1_900_000_000)]).toEqual([undefined, 1_900_000_000_000]);
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800])("%d is no time for a secret to end", (seconds) => {
  expect(() => parseSecretExpiry(seconds)).toThrow(expect.objectContaining({ code: "invalid_client_metadata" }));
});

const now = instant(1_800_000_000_000);

test("a change sets an end that is still to come, or none", () => {
  expect([parseChangedSecretExpiry(1_800_000_001, now), parseChangedSecretExpiry(0, now)]).toEqual([
    1_800_000_001_000,
    undefined,
  ]);
});

test.each([1, 1_799_999_999, 1_800_000_000, -1])("a change to %d is refused", (seconds) => {
  expect(() => parseChangedSecretExpiry(seconds, now)).toThrow(expect.objectContaining({ code: "invalid_client_metadata" }));
});
