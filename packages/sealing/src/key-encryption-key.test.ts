import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatKeyEncryptionKey, generateKeyEncryptionKey, parseKeyEncryptionKey } from "./key-encryption-key.ts";

const bytes = Buffer.from(Array.from({ length: 32 }, (_, n) => 255 - n));

describe("parseKeyEncryptionKey", () => {
  test.each([
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    `${bytes.toString("base64")}\n`,
    `  ${bytes.toString("hex")}\r\n`,
  ])("reads the key from %j", (text) => {
    const key = parseKeyEncryptionKey(text);
    expect(key?.key.export()).toEqual(bytes);
    expect(key?.id).toBe(createHash("sha256").update(bytes).digest("hex").slice(0, 16));
  });

  test.each([
    "",
    "secret",
    bytes.toString("hex").slice(2),
    `${bytes.toString("hex")}00`,
    bytes.subarray(1).toString("base64"),
    Buffer.concat([bytes, bytes]).toString("base64"),
    bytes.toString("base64").slice(0, -1).replace("/", " "),
    `${bytes.toString("base64")}=`,
  ])("finds no key of 256 bits in %j", (text) => {
    expect(parseKeyEncryptionKey(text)).toBeUndefined();
  });

  test("reads what formatKeyEncryptionKey wrote", () => {
    const key = generateKeyEncryptionKey(randomBytes);
    const read = parseKeyEncryptionKey(formatKeyEncryptionKey(key));
    expect([read?.id, read?.key.equals(key.key)]).toEqual([key.id, true]);
  });
});

test("each generated key is another", () => {
  expect(generateKeyEncryptionKey(randomBytes).id).not.toBe(generateKeyEncryptionKey(randomBytes).id);
});
