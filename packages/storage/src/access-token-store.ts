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
  /** Of the certificate that the token is bound to; absent where it is to none. */
  readonly certificateThumbprint?: string;
}

export interface AccessTokenStore {
  save(token: StoredAccessToken): Promise<void>;
  /** Undefined once expired, or where the token is another tenant's. */
  find(tenant: TenantId, hash: SecretHash, now: Instant): Promise<StoredAccessToken | undefined>;
  /** Ends the token. Nothing happens where there is none. */
  end(tenant: TenantId, hash: SecretHash): Promise<void>;
  /** Notes that a JWT which rests on no grant was revoked, until it would have expired anyway. `id` is its `jti`. */
  noteRevoked(tenant: TenantId, id: string, until: Instant): Promise<void>;
  isRevoked(tenant: TenantId, id: string, now: Instant): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
