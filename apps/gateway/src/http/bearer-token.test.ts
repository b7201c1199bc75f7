import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bearerToken, headerToken } from "./bearer-token.ts";

describe("bearerToken", () => {
  test.each(["Bearer abc", "bearer abc", "BEARER   abc  "])("reads the token of %j", (header) => {
    expect(bearerToken(["Authorization", header])).toBe("abc");
  });

  test("is undefined without the header", () => {
    expect(bearerToken(["Host", "id.example"])).toBeUndefined();
  });

  test.each(["", "Bearer", "Bearer ", "Basic YTpi", "abc", "Bearer a b", "Bearer a\tb", "Bearer ä", `Bearer ${"a".repeat(513)}`])(
    "A11: refuses %j as it refuses a wrong token",
    (header) => {
      expect(() => bearerToken(["Authorization", header])).toThrow("unauthenticated: the token does not open this API");
    },
  );

  test("Q12: refuses two headers, of which readers may take either", () => {
    expect(() => bearerToken(["Authorization", "Bearer a", "authorization", "Bearer b"])).toThrow("more than once");
  });
});

describe("headerToken", () => {
  test("reads the header whole", () => {
    expect(headerToken(["X-Auth-Token", "abc"], "x-auth-token")).toBe("abc");
  });

  test.each(["", "a b", "Bearer abc"])("refuses %j as it refuses a wrong token", (header) => {
    expect(() => headerToken(["X-Auth-Token", header], "x-auth-token")).toThrow("unauthenticated");
  });
});

test("A11: whatever an Authorization header holds, it has one token that can be sent, or it is refused", () => {
  const headerLike = fc
    .array(
      fc.constantFrom(
        "Bearer",
        "bearer",
        "Basic",
        " ",
        "  ",
        "\t",
        "a",
        "=",
        ",",
        '"',
        "é",
        "Bearer ".repeat(500),
        "=".repeat(600),
      ),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string(), headerLike), (header) => {
      try {
        expect(bearerToken(["Authorization", header])).toMatch(/^[\x21-\x7e]{1,512}$/);
      } catch (error) {
        expect(error).toMatchObject({ name: "ResourceError", kind: "unauthenticated" });
      }
    }),
  );
});

test.each([`Bearer ${" ".repeat(16_000)}`, `Bearer ${"a ".repeat(8_000)}`, `${"Bearer ".repeat(2_000)}a`])(
  "Q10: a long Authorization header is refused within 50 ms: %#",
  (header) => {
    const started = performance.now();
    expect(() => bearerToken(["Authorization", header])).toThrow("unauthenticated");
    expect(performance.now() - started).toBeLessThan(50);
  },
);
