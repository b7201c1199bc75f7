import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "@signet/protocol";
import { formatKeyEncryptionKey, generateKeyEncryptionKey, type KeyEncryptionKey, parseKeyEncryptionKey } from "@signet/sealing";
import { StartError } from "./start-error.ts";
import { writeDurably } from "./write-durably.ts";

export interface KeyEncryptionKeyOptions {
  /** In base64 or hex; undefined where the file holds it. */
  readonly configured: string | undefined;
  readonly folder: string;
  /** Whether something may be encrypted already: then the key is needed that did it. */
  readonly isInUse: boolean;
  readonly random: Random;
}

/**
 * The configured key, or the one beside the database, which is made on first start. It is on the disk before anything is encrypted under it.
 * @throws StartError where the file holds no key, or is missing although the folder is in use
 */
export function readKeyEncryptionKey({ configured, folder, isInUse, random }: KeyEncryptionKeyOptions): KeyEncryptionKey {
  const path = join(folder, "key-encryption-key");
  const text = configured ?? readIfThere(path);
  if (text === undefined) {
    if (isInUse) {
      throw new StartError(
        `the key-encryption key of the data folder is missing: put ${path} back, or set SIGNET_KEY_ENCRYPTION_KEY to what it held`,
      );
    }
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
