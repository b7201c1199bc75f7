export {
  formatKeyEncryptionKey,
  generateKeyEncryptionKey,
  type KeyEncryptionKey,
  parseKeyEncryptionKey,
} from "./key-encryption-key.ts";
export { createSealer, type Sealer, type SealerOptions } from "./sealer.ts";
export { SealingError, type SealingErrorReason } from "./sealing-error.ts";
