import { hash, timingSafeEqual } from "node:crypto";
import type { Brand } from "../brand.ts";

/** Gives `length` unpredictable bytes: node:crypto's `randomBytes` outside tests. */
export type Random = (length: number) => Uint8Array;

/** 256 random bits as 43 characters of base64url: a code, a session id, a client secret. It is shown once and stored as its hash. */
export type Secret = Brand<string, "Secret">;

/** SHA-256 of a secret in base64url. Enough for values of 256 random bits; passwords have Argon2id. */
export type SecretHash = Brand<string, "SecretHash">;

/** A secret that nobody had before. */
export function newSecret(random: Random): Secret {
  return Buffer.from(random(32)).toString("base64url") as Secret;
}

const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** A value that was shown as a secret; undefined for what cannot be one, so that nothing is hashed and looked up for it. */
export function parseSecret(value: string): Secret | undefined {
  return secretShape.test(value) ? (value as Secret) : undefined;
}

/** What is kept of a secret, or of any other text that is only to be recognised. */
export function hashSecret(secret: string): SecretHash {
  return hash("sha256", secret, "base64url") as SecretHash;
}

/** A hash from its 32 bytes; undefined for any other number of bytes. */
export function parseSecretHash(bytes: Uint8Array): SecretHash | undefined {
  return bytes.length === 32 ? (Buffer.from(bytes).toString("base64url") as SecretHash) : undefined;
}

/** The 32 bytes of a hash. */
export function secretHashBytes(hash: SecretHash): Buffer {
  return Buffer.from(hash, "base64url");
}

/** Whether `presented` is the secret behind `hash`, in constant time. */
export function isSecretOf(presented: string, hash: SecretHash): boolean {
  return isSameHash(hashSecret(presented), hash);
}

/** Whether two hashes are the same, in constant time. */
export function isSameHash(one: SecretHash, other: SecretHash): boolean {
  const left = Buffer.from(one, "base64url");
  const right = Buffer.from(other, "base64url");
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `length` random bytes as hexadecimal digits: an identifier that is not a secret. */
export function newHexId(random: Random, length: number): string {
  return Buffer.from(random(length)).toString("hex");
}
