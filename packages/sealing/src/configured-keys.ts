import { type KeyEncryptionKey, parseKeyEncryptionKey } from "./key-encryption-key.ts";
import type { SealerOptions } from "./sealer.ts";

/** Keys in base64 or hex. */
export interface ConfiguredKeys {
  readonly keyEncryptionKey: string;
  readonly previousKeyEncryptionKey: string | undefined;
}

/**
 * What a sealer is created with, of a configuration.
 * @throws RangeError where one is no key
 */
export function configuredKeys({
  keyEncryptionKey,
  previousKeyEncryptionKey,
}: ConfiguredKeys): Pick<SealerOptions, "keyEncryptionKey" | "earlierKeyEncryptionKeys"> {
  return {
    keyEncryptionKey: parsed(keyEncryptionKey),
    earlierKeyEncryptionKeys: previousKeyEncryptionKey === undefined ? [] : [parsed(previousKeyEncryptionKey)],
  };
}

function parsed(text: string): KeyEncryptionKey {
  const key = parseKeyEncryptionKey(text);
  if (key === undefined) throw new RangeError("a key-encryption key has 32 bytes, in base64 or hex");
  return key;
}
