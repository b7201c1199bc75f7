import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { parseRefreshToken, type Random, type RefreshToken } from "@signet/protocol";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts `successor` so that only who holds `presented`, which it replaces, can read it: the store, which has no more than the hash of either,
 * cannot. AES-256-GCM under a key that the second half of HKDF-SHA-256 derives from the presented token (RFC 5869 section 2.3): its random bits
 * are the key that the first half would make (section 3.3), and one block of the second is one HMAC.
 */
export function encryptSuccessor(successor: RefreshToken, presented: RefreshToken, random: Random): string {
  const nonce = random(nonceBytes);
  const encryption = createCipheriv(cipher, keyOf(presented), nonce, { authTagLength: tagBytes });
  const ciphertext = Buffer.concat([encryption.update(successor, "ascii"), encryption.final()]);
  return Buffer.concat([nonce, ciphertext, encryption.getAuthTag()]).toString("base64url");
}

/** The reverse of `encryptSuccessor`. @throws Error where it was encrypted under another token, or was changed */
export function decryptSuccessor(encrypted: string, presented: RefreshToken): RefreshToken {
  const bytes = Buffer.from(encrypted, "base64url");
  const decryption = createDecipheriv(cipher, keyOf(presented), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decryption.setAuthTag(bytes.subarray(-tagBytes));
  const ciphertext = bytes.subarray(nonceBytes, -tagBytes);
  return parseRefreshToken(`${decryption.update(ciphertext, undefined, "ascii")}${decryption.final("ascii")}`).token;
}

function keyOf(presented: RefreshToken): Buffer {
  return createHmac("sha256", presented).update("signet refresh token successor\x01").digest();
}
