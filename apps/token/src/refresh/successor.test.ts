import { randomBytes } from "node:crypto";
import { instant, newGrantId, newRefreshToken } from "@signet/protocol";
import { expect, test } from "vitest";
import { decryptSuccessor, encryptSuccessor } from "./successor.ts";

const grant = newGrantId(randomBytes, instant(1_800_000_000_000));
const { token: presented } = newRefreshToken(grant, randomBytes);
const { token: successor } = newRefreshToken(grant, randomBytes);

test("the successor is read back under the token that it was encrypted under", () => {
  expect(decryptSuccessor(encryptSuccessor(successor, presented, randomBytes), presented)).toBe(successor);
});

test("the successor is not read under any other token", () => {
  const encrypted = encryptSuccessor(successor, presented, randomBytes);
  expect(() => decryptSuccessor(encrypted, newRefreshToken(grant, randomBytes).token)).toThrow();
});

test("a changed or shortened ciphertext is not read", () => {
  const bytes = Buffer.from(encryptSuccessor(successor, presented, randomBytes), "base64url");
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => decryptSuccessor(changed.toString("base64url"), presented)).toThrow();
  }
  expect(() => decryptSuccessor(bytes.subarray(0, -1).toString("base64url"), presented)).toThrow();
  expect(() => decryptSuccessor("", presented)).toThrow();
});

test("two encryptions of the same successor differ", () => {
  expect(encryptSuccessor(successor, presented, randomBytes)).not.toBe(encryptSuccessor(successor, presented, randomBytes));
});
