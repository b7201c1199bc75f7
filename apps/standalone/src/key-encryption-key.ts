import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "@signet/process/start-error";
import type { Random } from "@signet/protocol";
import {
  formatKeyEncryptionKey,
  generateKeyEncryptionKey,
  type KeyEncryptionKey,
  parseKeyEncryptionKey,
  type SealerOptions,
} from "@signet/sealing";
import { writeDurably } from "./write-durably.ts";

export interface KeyEncryptionKeyOptions {
  /** In base64 or hex; undefined where the file holds it. */
  readonly configured: string | undefined;
  /** The one before, in the same form, while the key is being replaced. */
  readonly previous: string | undefined;
  readonly folder: string;
  /** Whether something may be encrypted already: then the key is needed that did it. */
  readonly isInUse: boolean;
  readonly random: Random;
}

/**
 * The key that is in use from now on, and the one before.
 * @throws StartError where there is none, or what is there is none
 */
export function readKeyEncryptionKeys({
  previous,
  ...options
}: KeyEncryptionKeyOptions): Pick<SealerOptions, "keyEncryptionKey" | "earlierKeyEncryptionKeys"> {
  return {
    earlierKeyEncryptionKeys: previous === undefined ? [] : [parse(previous, "SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY")],
    keyEncryptionKey: readCurrent(options),
  };
}

/**
 * The configured key, or the one beside the database, which is made on first start. It is on the disk before anything is encrypted under it.
 * @throws StartError where the file holds no key, or is missing although the folder is in use
 */
function readCurrent({ configured, folder, isInUse, random }: Omit<KeyEncryptionKeyOptions, "previous">): KeyEncryptionKey {
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
  return parse(text, configured === undefined ? path : "SIGNET_KEY_ENCRYPTION_KEY");
}

function parse(text: string, source: string): KeyEncryptionKey {
  const key = parseKeyEncryptionKey(text);
  if (key === undefined) throw new StartError(`${source} holds no key: 32 bytes in base64 or hex are expected`);
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
