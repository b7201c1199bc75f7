import { expect, test } from "vitest";
import { parseSecretExpiry } from "./secret-expiry.ts";

test("a secret ends at its epoch second, or never where it is 0", () => {
  expect([parseSecretExpiry(0), parseSecretExpiry(1_900_000_000)]).toEqual([undefined, 1_900_000_000_000]);
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800])("%d is no time for a secret to end", (seconds) => {
  expect(() => parseSecretExpiry(seconds)).toThrow(expect.objectContaining({ code: "invalid_client_metadata" }));
});
