import type { ClientId, Instant, TenantId, UserId } from "@signet/protocol";

/** What a user allowed a client, for good. Whatever deletes the user deletes it too. */
export interface ConsentStore {
  /** What is allowed, as `consentKeys` of the protocol names it; empty where there is no consent. */
  find(tenant: TenantId, user: UserId, client: ClientId): Promise<readonly string[]>;
  /** Adds to what is allowed already; concurrent calls lose nothing. Does nothing where the user is gone. */
  allow(tenant: TenantId, user: UserId, client: ClientId, keys: readonly string[], now: Instant): Promise<void>;
  deleteClient(tenant: TenantId, client: ClientId): Promise<void>;
}
