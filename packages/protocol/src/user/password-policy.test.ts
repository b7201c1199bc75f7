import { describe, expect, test } from "vitest";
import { parseEnteredPassword, parseNewPassword } from "./password-policy.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });

describe("parseNewPassword", () => {
  test.each(["12345678", "pass phrase", "🗝🗝🗝🗝🗝🗝🗝🗝", "x".repeat(1024), "é".repeat(512)])("takes %j", (password) => {
    expect(parseNewPassword(password)).toBe(password);
  });

  test.each(["", "1234567", "🗝🗝🗝🗝🗝🗝🗝", "e\u0301".repeat(7), "x".repeat(1025), "é".repeat(513), "\ufdfa".repeat(100)])(
    "refuses %j",
    (password) => {
      expect(() => parseNewPassword(password)).toThrow(invalid);
    },
  );

  test.each(["pass\tword", "password\n", "\u0000password", "pass\u001fword", "password\u007f"])(
    "Q8: refuses %j, which no sign-in form could carry, and says so",
    (password) => {
      expect(() => parseNewPassword(password)).toThrow(invalid);
      expect(() => parseNewPassword(password)).toThrow(/control characters/);
    },
  );

  test("says what is wrong with one that is too long", () => {
    expect(() => parseNewPassword("x".repeat(1025))).toThrow(/1024/);
    expect(() => parseNewPassword("x")).toThrow(/at least 8/);
  });
});

describe("parseEnteredPassword", () => {
  test("is the same however the keyboard composed it", () => {
    expect(parseEnteredPassword("pa\u0308ssword")).toBe(parseNewPassword("pässword"));
    expect(parseEnteredPassword("ｐａｓｓword")).toBe(parseNewPassword("password"));
  });

  test("looks neither at nothing nor at more than 1,024 bytes", () => {
    expect([parseEnteredPassword(""), parseEnteredPassword("x".repeat(1025))]).toEqual([undefined, undefined]);
  });

  test("takes one that is too short to be set: it is merely wrong", () => {
    expect(parseEnteredPassword("x")).toBe("x");
  });
});
