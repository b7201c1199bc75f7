import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { newGrantId } from "../ids.ts";
import { instant } from "../instant.ts";
import { newRefreshToken, nextRefreshToken, parseRefreshToken } from "./refresh-token.ts";

const now = instant(1_800_000_000_000);

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Undefined where it is refused. Anything but an OAuthError invalid_grant fails the test. */
function grantOf(value: string): string | undefined {
  try {
    return parseRefreshToken(value).grantId;
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_grant") return undefined;
    throw error;
  }
}

test("a refresh token is 64 characters of base64url and carries the id of its grant", () => {
  fc.assert(
    fc.property(bytes(10), bytes(32), (id, secret) => {
      const grant = newGrantId(() => id, now);
      const parts = newRefreshToken(grant, () => secret);
      expect(parts.token).toMatch(/^[A-Za-z0-9_-]{64}$/);
      expect(parts.grantId).toBe(grant);
      expect(parseRefreshToken(parts.token)).toEqual(parts);
    }),
  );
});

test("two refresh tokens of one grant differ", () => {
  const grant = newGrantId(randomBytes, now);
  const [one, other] = [newRefreshToken(grant, randomBytes), newRefreshToken(grant, randomBytes)];
  expect(one.token).not.toBe(other.token);
  expect(one.familyHash).not.toBe(other.familyHash);
});

test("the next token of a family has its grant and its family, and is another token", () => {
  const first = newRefreshToken(newGrantId(randomBytes, now), randomBytes);
  const next = parseRefreshToken(nextRefreshToken(first, randomBytes));
  expect(next).toEqual({ token: next.token, grantId: first.grantId, familyHash: first.familyHash });
  expect(next.token).not.toBe(first.token);
});

test("any other string is invalid_grant, and nothing else is ever thrown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (value) => {
      fc.pre(!/^[A-Za-z0-9_-]{64}$/.test(value));
      expect(grantOf(value)).toBeUndefined();
    }),
  );
});

test("C7: a refresh token that was truncated or extended is invalid_grant", () => {
  const { token } = newRefreshToken(newGrantId(randomBytes, now), randomBytes);
  fc.assert(
    fc.property(fc.nat(63), fc.string({ unit: "binary", minLength: 1, maxLength: 8 }), (length, extension) => {
      expect(grantOf(token.slice(0, length))).toBeUndefined();
      expect(grantOf(token + extension)).toBeUndefined();
      expect(grantOf(extension + token)).toBeUndefined();
    }),
  );
});

test("a character in place of another is another token, or none", () => {
  const { token } = newRefreshToken(newGrantId(randomBytes, now), randomBytes);
  fc.assert(
    fc.property(fc.nat(63), fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), (index, character) => {
      fc.pre(token[index] !== character);
      const mutated = token.slice(0, index) + character + token.slice(index + 1);
      if (grantOf(mutated) === undefined) return;
      expect(Buffer.from(mutated, "base64url")).not.toEqual(Buffer.from(token, "base64url"));
    }),
  );
});
