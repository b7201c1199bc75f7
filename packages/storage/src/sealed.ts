import type { Brand } from "@signet/protocol";

/** Encrypted under a tenant's data key: worth nothing without the key-encryption key, which no store has. */
export type Sealed = Brand<string, "Sealed">;
