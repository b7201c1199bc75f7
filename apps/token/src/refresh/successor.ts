import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { parseRefreshToken, type Random, type RefreshToken } from "@signet/protocol";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts `successor` so that only who holds `presented`, which it replaces, can read it: the store, which has no more than the hash of either,
 * cannot. AES-256-GCM under a key that HKDF-SHA-256 derives from the presented token (RFC 5869; its 256 random bits need no salt).
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

function keyOf(presented: RefreshToken): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", presented, "", "signet refresh token successor", 32));
}
