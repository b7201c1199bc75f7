import { expect, test } from "vitest";
import { parseApiToken } from "./api-token.ts";

test.each(["a".repeat(32), "A-z0.9_~+/".repeat(4), `${"a".repeat(31)}=`, "a".repeat(512)])("%s may open an API", (value) => {
  expect(parseApiToken(value)).toBe(value);
});

test.each([
  "",
  "a".repeat(31),
  "a".repeat(513),
  `${"a".repeat(32)} `,
  `${"a".repeat(32)}\n`,
  `=${"a".repeat(32)}`,
  "ä".repeat(32),
])("%j may not: it is too short, too long, or cannot be sent as a Bearer token", (value) => {
  expect(parseApiToken(value)).toBeUndefined();
});
