export { type ConfiguredKeys, configuredKeys } from "./configured-keys.ts";
export {
  formatKeyEncryptionKey,
  generateKeyEncryptionKey,
  type KeyEncryptionKey,
  parseKeyEncryptionKey,
} from "./key-encryption-key.ts";
export type { RewrappedPage } from "./rewrap.ts";
export { createSealer, type Sealer, type SealerOptions } from "./sealer.ts";
export { SealingError, type SealingErrorReason } from "./sealing-error.ts";
