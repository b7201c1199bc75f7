import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "@signet/protocol";
import { formatKeyEncryptionKey, generateKeyEncryptionKey, type KeyEncryptionKey, parseKeyEncryptionKey } from "@signet/sealing";
import { StartError } from "./start-error.ts";

/**
 * The configured key, or the one beside the database, which is made on first start. It is on the disk before anything is encrypted under it.
 * @throws StartError where the file holds no key
 */
export function readKeyEncryptionKey(configured: string | undefined, folder: string, random: Random): KeyEncryptionKey {
  const path = join(folder, "key-encryption-key");
  const text = configured ?? readIfThere(path);
  if (text === undefined) {
    const made = generateKeyEncryptionKey(random);
    writeDurably(path, `${formatKeyEncryptionKey(made)}\n`);
    return made;
  }
  const key = parseKeyEncryptionKey(text);
  if (key === undefined)
    throw new StartError(
      `${configured === undefined ? path : "SIGNET_KEY_ENCRYPTION_KEY"} holds no key: 32 bytes in base64 or hex are expected`,
    );
  return key;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whole or not at all, whenever the machine stops; readable by this user only. */
export function writeDurably(path: string, content: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
