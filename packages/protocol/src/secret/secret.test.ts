import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashSecret, isSecretOf, newHexId, newSecret } from "./secret.ts";

describe("secrets", () => {
  test("hold 256 bits in 43 characters", () => {
    expect(newSecret(randomBytes)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("are known by their hash", () => {
    const secret = newSecret(randomBytes);
    expect(isSecretOf(secret, hashSecret(secret))).toBe(true);
    expect(isSecretOf(`${secret}A`, hashSecret(secret))).toBe(false);
    expect(isSecretOf("", hashSecret(secret))).toBe(false);
  });

  test("ids have two digits a byte", () => {
    expect(newHexId(randomBytes, 12)).toMatch(/^[0-9a-f]{24}$/);
  });
});
