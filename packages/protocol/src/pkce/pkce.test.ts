import { describe, expect, test } from "vitest";
import { answersChallenge, parseCodeChallenge, parseCodeVerifier } from "./pkce.ts";

// RFC 7636 appendix B
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

describe("PKCE", () => {
  test("the RFC's own verifier answers its challenge", () => {
    const parsed = parseCodeChallenge(challenge, "S256");
    expect(parsed && answersChallenge(parseCodeVerifier(verifier), parsed)).toBe(true);
  });

  test("another verifier does not", () => {
    const parsed = parseCodeChallenge(challenge, "S256");
    expect(parsed && answersChallenge(parseCodeVerifier(`${verifier}x`), parsed)).toBe(false);
  });

  test.each(["plain", "s256", "S512", undefined])("P5: the method %s is refused", (method) => {
    expect(() => parseCodeChallenge(challenge, method)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("a method without a challenge is refused", () => {
    expect(() => parseCodeChallenge(undefined, "S256")).toThrow(/without code_challenge/);
  });

  test("neither is no challenge", () => {
    expect(parseCodeChallenge(undefined, undefined)).toBeUndefined();
  });

  test.each([42, 44])("a challenge of %d characters is refused", (length) => {
    expect(() => parseCodeChallenge("a".repeat(length), "S256")).toThrow(/43 characters/);
  });

  test.each([42, 129])("P6: a verifier of %d characters is refused", (length) => {
    expect(() => parseCodeVerifier("a".repeat(length))).toThrow(expect.objectContaining({ code: "invalid_grant" }));
  });

  test.each([43, 128])("a verifier of %d characters is taken", (length) => {
    expect(parseCodeVerifier("a".repeat(length))).toHaveLength(length);
  });

  test("a verifier with a character outside the unreserved ones is refused", () => {
    expect(() => parseCodeVerifier(`${"a".repeat(42)}+`)).toThrow(expect.objectContaining({ code: "invalid_grant" }));
  });
});
