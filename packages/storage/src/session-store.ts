import type { Instant, SecretHash, SessionPublicId, TenantId, UserId } from "@signet/protocol";

/** A browser's sign-in at a tenant. */
export interface StoredSession {
  /** Of the cookie's value. */
  readonly hash: SecretHash;
  readonly publicId: SessionPublicId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly authTime: Instant;
  /** RFC 8176. */
  readonly amr: readonly string[];
  readonly expiresAt: Instant;
}

export interface SessionStore {
  /** Saves the session and ends the one that it replaces, if any. */
  start(session: StoredSession, replaced?: SecretHash): Promise<void>;
  /** Undefined once expired, or where the session is another tenant's. */
  find(tenant: TenantId, hash: SecretHash, now: Instant): Promise<StoredSession | undefined>;
  end(tenant: TenantId, hash: SecretHash): Promise<void>;
  endOfUser(tenant: TenantId, user: UserId): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
