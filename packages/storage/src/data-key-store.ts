import type { Brand, TenantId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";

/** A tenant's data key, encrypted under the deployment's key-encryption key. */
export type WrappedKey = Brand<string, "WrappedKey">;

/** A data key, and whose it is. */
export interface TenantDataKey {
  readonly tenantId: TenantId;
  readonly wrappedKey: WrappedKey;
}

/** The data keys of one service: each service that seals has its own. */
export interface DataKeyStore {
  /** The tenant's data key: `candidate` where there was none before. All concurrent calls get the same one. */
  establish(tenant: TenantId, candidate: WrappedKey): Promise<WrappedKey>;
  find(tenant: TenantId): Promise<WrappedKey | undefined>;
  /** By the tenants' ids. */
  list(page: PageRequest): Promise<PageOf<TenantDataKey>>;
  /**
   * Puts `replacement` in the place of `current`, in one step; whether `current` was there. Of concurrent calls with one `current` exactly one does, and
   * what was deleted does not come back.
   */
  replace(tenant: TenantId, current: WrappedKey, replacement: WrappedKey): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
