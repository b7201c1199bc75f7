import type { ClientId, GrantId, Instant, SecretHash, TenantId, UserId } from "@signet/protocol";

/** An opaque access token. */
export interface StoredAccessToken {
  readonly hash: SecretHash;
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  readonly scopes: readonly string[];
  /** Absent for a token that a client got for itself. */
  readonly grantId?: GrantId;
  readonly userId?: UserId;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export interface AccessTokenStore {
  save(token: StoredAccessToken): Promise<void>;
  /** Undefined once expired, or where the token is another tenant's. */
  find(tenant: TenantId, hash: SecretHash, now: Instant): Promise<StoredAccessToken | undefined>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
