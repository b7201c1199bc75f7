import { createHash, createSecretKey, type KeyObject } from "node:crypto";
import type { Random } from "@signet/protocol";

/** The deployment's key that wraps the tenants' data keys. It is kept outside the database. */
export interface KeyEncryptionKey {
  /** The first 8 bytes of the key's SHA-256 as hex digits: says which key wrapped a data key, and nothing about it. */
  readonly id: string;
  readonly key: KeyObject;
}

const keyLength = 32;
const hexShape = /^[0-9A-Fa-f]{64}$/;
const base64Shape = /^[A-Za-z0-9+/]{43}=$/;
const base64UrlShape = /^[A-Za-z0-9_-]{43}$/;

/** A new key of 256 bits. */
export function generateKeyEncryptionKey(random: Random): KeyEncryptionKey {
  return keyEncryptionKey(random(keyLength));
}

/** A key of 256 bits as 64 hex digits, base64 or base64url, whitespace around it aside. Undefined for any other text. */
export function parseKeyEncryptionKey(text: string): KeyEncryptionKey | undefined {
  const value = text.trim();
  if (hexShape.test(value)) return keyEncryptionKey(Buffer.from(value, "hex"));
  if (base64Shape.test(value)) return keyEncryptionKey(Buffer.from(value, "base64"));
  if (base64UrlShape.test(value)) return keyEncryptionKey(Buffer.from(value, "base64url"));
  return undefined;
}

/** The key in base64, as `parseKeyEncryptionKey` reads it: to be written where only the deployment can read it. */
export function formatKeyEncryptionKey({ key }: KeyEncryptionKey): string {
  return key.export().toString("base64");
}

function keyEncryptionKey(bytes: Uint8Array): KeyEncryptionKey {
  return { id: createHash("sha256").update(bytes).digest().subarray(0, 8).toString("hex"), key: createSecretKey(bytes) };
}
