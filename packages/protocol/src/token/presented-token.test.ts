import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { newGrantId } from "../ids.ts";
import { instant } from "../instant.ts";
import { newSecret } from "../secret/secret.ts";
import { parsePresentedToken } from "./presented-token.ts";
import { newRefreshToken } from "./refresh-token.ts";

const presented = (token: string) => parsePresentedToken(new Map([["token", token]]));

test("a token is known by its shape", () => {
  const refreshToken = newRefreshToken(newGrantId(randomBytes, instant(1_800_000_000_000)), randomBytes);
  const secret = newSecret(randomBytes);
  expect(presented(refreshToken.token)).toEqual({ kind: "refresh-token", parts: refreshToken });
  expect(presented(secret)).toEqual({ kind: "opaque", value: secret });
  expect(presented("a.b.c")).toEqual({ kind: "other", value: "a.b.c" });
});

test("a token that was left out, or is of an unheard-of length, is invalid_request", () => {
  const refused = expect.objectContaining({ name: "OAuthError", code: "invalid_request" });
  expect(() => parsePresentedToken(new Map())).toThrow(refused);
  expect(() => presented("x".repeat(16 * 1024 + 1))).toThrow(refused);
  expect(presented("x".repeat(16 * 1024)).kind).toBe("other");
});

test("whatever is sent is of one kind, and nothing but an OAuthError is thrown", () => {
  const shaped = fc.stringMatching(/^[A-Za-z0-9_-]{42,65}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 100 }), shaped), (token) => {
      try {
        const { kind } = presented(token);
        expect(kind).toBe(/^[\w-]{64}$/.test(token) ? "refresh-token" : /^[\w-]{43}$/.test(token) ? "opaque" : "other");
      } catch (error) {
        expect(error).toBeInstanceOf(OAuthError);
      }
    }),
  );
});
