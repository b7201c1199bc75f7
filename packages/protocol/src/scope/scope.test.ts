import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { formatScope, isScopeToken, parseScope } from "./scope.ts";

describe("parseScope", () => {
  test("keeps the order and drops repetitions", () => {
    expect(parseScope("openid  email openid")).toEqual(["openid", "email"]);
  });

  test.each(["", "   ", 'a"b', "a\\b", "é", "a\tb"])("refuses %j", (value) => {
    expect(() => parseScope(value)).toThrow(expect.objectContaining({ code: "invalid_scope" }));
  });

  test("Q7: refuses 100,000 scopes within 100 ms", () => {
    const started = performance.now();
    expect(() => parseScope(Array.from({ length: 100_000 }, (_, index) => `s${index}`).join(" "))).toThrow(OAuthError);
    expect(performance.now() - started).toBeLessThan(100);
  });

  test("whatever is sent, it is refused as a scope, or read as values of which each was sent and may be one", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), scopeLike), (value) => {
        const scopes = parsed(value);
        if (scopes === undefined) return;
        const sent = value.split(" ");
        expect(scopes).toEqual([...new Set(sent.filter((one) => one !== ""))]);
        expect(scopes.every(isScopeToken)).toBe(true);
        expect(parseScope(formatScope(scopes))).toEqual(scopes);
      }),
      { examples: [["\u00a0"], ["a\u2003b"], ["\u212a"], ["a\u0000"], ["openid\n"]] },
    );
  });

  test("reads back what formatScope writes", () => {
    const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(token, { minLength: 1, maxLength: 20 }), (scopes) => {
        expect(parseScope(formatScope(scopes))).toEqual(scopes);
      }),
    );
  });
});

/** Values near the edges of what may be one, with spaces of several kinds between them. */
const scopeLike = fc
  .array(fc.constantFrom("openid", "a", "~", "!", '"', "\\", "é", "\t", "", " ", "\u00a0", "x".repeat(128), "x".repeat(129)), {
    maxLength: 80,
  })
  .chain((values) => fc.constantFrom(" ", "  ", "\t", ",").map((separator) => values.join(separator)));

function parsed(value: string): readonly string[] | undefined {
  try {
    return parseScope(value);
  } catch (error) {
    expect(error).toMatchObject({ name: "OAuthError", code: "invalid_scope" });
    return undefined;
  }
}
