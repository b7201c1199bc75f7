import type { ClientId, Instant, TenantId, UserId } from "@signet/protocol";

/** What a user allowed a client, for good. */
export interface ConsentStore {
  /** The scopes allowed; empty where there is no consent. */
  find(tenant: TenantId, user: UserId, client: ClientId): Promise<readonly string[]>;
  /** Adds to what is allowed already; concurrent calls lose nothing. */
  allow(tenant: TenantId, user: UserId, client: ClientId, scopes: readonly string[], now: Instant): Promise<void>;
  deleteUser(tenant: TenantId, user: UserId): Promise<void>;
  deleteClient(tenant: TenantId, client: ClientId): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
