import type { SecretHash } from "@signet/protocol";

/** The administration token of the deployment, as a hash. */
export interface AdministrationStore {
  /** Keeps `hash` where none is kept yet; exactly one of concurrent first calls gets `established`. */
  establishTokenHash(hash: SecretHash): Promise<"established" | "exists">;
  replaceTokenHash(hash: SecretHash): Promise<void>;
  findTokenHash(): Promise<SecretHash | undefined>;
}
