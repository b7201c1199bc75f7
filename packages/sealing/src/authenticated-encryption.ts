import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import type { Random } from "@signet/protocol";
import { SealingError } from "./sealing-error.ts";

const algorithm = "aes-256-gcm";
const ivLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) under a random 96-bit initialization vector: vector, ciphertext and tag in base64url. What `context` lists has
 * to be the same when it is decrypted.
 */
export function encrypt(key: KeyObject, plaintext: Uint8Array, context: readonly string[], random: Random): string {
  const iv = random(ivLength);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength }).setAAD(encodeContext(context));
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

/** @throws SealingError malformed, refused */
export function decrypt(key: KeyObject, encrypted: string, context: readonly string[]): Buffer {
  const bytes = Buffer.from(encrypted, "base64url");
  if (bytes.length < ivLength + tagLength || bytes.toString("base64url") !== encrypted) {
    throw new SealingError("malformed", "the encrypted text cannot be read");
  }
  const tagStart = bytes.length - tagLength;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
    .setAAD(encodeContext(context))
    .setAuthTag(bytes.subarray(tagStart));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivLength, tagStart)), decipher.final()]);
  } catch (cause) {
    throw new SealingError("refused", "the encrypted text is not authentic", { cause });
  }
}

/** One text for each list: JSON keeps the parts apart. */
function encodeContext(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context), "utf8");
}
