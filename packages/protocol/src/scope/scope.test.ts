import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { formatScope, parseScope } from "./scope.ts";

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

  test("reads back what formatScope writes", () => {
    const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(token, { minLength: 1, maxLength: 20 }), (scopes) => {
        expect(parseScope(formatScope(scopes))).toEqual(scopes);
      }),
    );
  });
});
