import type { Brand, TenantId } from "@signet/protocol";

/** A tenant's data key, encrypted under the deployment's key-encryption key. */
export type WrappedKey = Brand<string, "WrappedKey">;

/** The data keys of one service: each service that seals has its own. */
export interface DataKeyStore {
  /** The tenant's data key: `candidate` where there was none before. All concurrent calls get the same one. */
  establish(tenant: TenantId, candidate: WrappedKey): Promise<WrappedKey>;
  find(tenant: TenantId): Promise<WrappedKey | undefined>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
