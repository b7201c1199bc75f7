import { randomBytes } from "node:crypto";
import { newTenantId } from "@signet/protocol";
import type { WrappedKey } from "@signet/storage";
import { expect, test } from "vitest";
import { newWrappedKey, unwrapKey, wrapKey, wrappingIdOf } from "./data-key.ts";
import { generateKeyEncryptionKey } from "./key-encryption-key.ts";
import { SealingError } from "./sealing-error.ts";

const wrapping = generateKeyEncryptionKey(randomBytes);
const known = new Map([[wrapping.id, wrapping]]);
const tenant = newTenantId(randomBytes);
const because = (reason: string) => expect.objectContaining({ name: "SealingError", reason });

test("a wrapped data key names the key-encryption key, and unwraps to 32 bytes, the same each time", () => {
  const wrapped = newWrappedKey(tenant, wrapping, randomBytes);
  expect(wrapped.split(".").slice(0, 2)).toEqual(["v1", wrapping.id]);
  const key = unwrapKey(tenant, wrapped, known);
  expect([key.symmetricKeySize, key.equals(unwrapKey(tenant, wrapped, known))]).toEqual([32, true]);
});

test("a wrapped data key unwraps for its own tenant only", () => {
  const wrapped = newWrappedKey(tenant, wrapping, randomBytes);
  expect(() => unwrapKey(newTenantId(randomBytes), wrapped, known)).toThrow(because("refused"));
});

test("a wrapped data key does not unwrap under another name for its key-encryption key", () => {
  const wrapped = newWrappedKey(tenant, wrapping, randomBytes);
  const renamed = wrapped.replace(wrapping.id, "0123456789abcdef") as WrappedKey;
  expect(() => unwrapKey(tenant, renamed, known)).toThrow(because("unknown_key"));
  expect(() => unwrapKey(tenant, renamed, new Map([["0123456789abcdef", wrapping]]))).toThrow(because("refused"));
});

test("K8: a data key under an unknown key-encryption key is refused by that key's id, and by nothing secret", () => {
  const wrapped = newWrappedKey(tenant, generateKeyEncryptionKey(randomBytes), randomBytes);
  expect(() => unwrapKey(tenant, wrapped, known)).toThrow(
    new SealingError(
      "unknown_key",
      `the data key is wrapped by the key-encryption key ${wrappingIdOf(wrapped)}, which is not configured`,
    ),
  );
});

test("a data key that is wrapped by another key-encryption key is the same, and the first one no longer opens it", () => {
  const next = generateKeyEncryptionKey(randomBytes);
  const wrapped = newWrappedKey(tenant, wrapping, randomBytes);
  const key = unwrapKey(tenant, wrapped, known);
  const rewrapped = wrapKey(tenant, key, next, randomBytes);
  expect([wrappingIdOf(wrapped), wrappingIdOf(rewrapped)]).toEqual([wrapping.id, next.id]);
  expect(unwrapKey(tenant, rewrapped, new Map([[next.id, next]])).equals(key)).toBe(true);
  expect(() => unwrapKey(tenant, rewrapped, known)).toThrow(because("unknown_key"));
});

test.each(["", "v1", "v2.0123456789abcdef.AAAA", "v1.0123456789ABCDEF.AAAA", "v1.0123456789abcdef."])(
  "%j is no wrapped data key",
  (text) => {
    expect(() => unwrapKey(tenant, text as WrappedKey, known)).toThrow(because("malformed"));
  },
);
