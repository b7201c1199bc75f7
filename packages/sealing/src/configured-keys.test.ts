import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { configuredKeys } from "./configured-keys.ts";
import { formatKeyEncryptionKey, generateKeyEncryptionKey } from "./key-encryption-key.ts";

const [current, previous] = [generateKeyEncryptionKey(randomBytes), generateKeyEncryptionKey(randomBytes)];
const text = formatKeyEncryptionKey(current);

test("the configured key-encryption key is the current one, and the previous one, where there is one, is known too", () => {
  const both = configuredKeys({ keyEncryptionKey: text, previousKeyEncryptionKey: formatKeyEncryptionKey(previous) });
  expect([both.keyEncryptionKey.id, both.earlierKeyEncryptionKeys?.map(({ id }) => id)]).toEqual([current.id, [previous.id]]);
  const one = configuredKeys({ keyEncryptionKey: text, previousKeyEncryptionKey: undefined });
  expect([one.keyEncryptionKey.id, one.earlierKeyEncryptionKeys]).toEqual([current.id, []]);
});

test("a text that is no key is refused, and not repeated", () => {
  const refused = new RangeError("a key-encryption key has 32 bytes, in base64 or hex");
  expect(() => configuredKeys({ keyEncryptionKey: "no key", previousKeyEncryptionKey: undefined })).toThrow(refused);
  expect(() => configuredKeys({ keyEncryptionKey: text, previousKeyEncryptionKey: "no key" })).toThrow(refused);
});
