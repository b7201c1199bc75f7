import type { ClientId, Instant, SecretHash, SessionPublicId, TenantId, UserId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";

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
  /**
   * Notes, in one step with a look whether the session stands, that a client takes part in it: for as long as it, or a session of the same public id that is
   * started meanwhile. False, with nothing noted, where it has ended, or another has replaced it. Of more than `maximumParticipants` those that came last are known.
   */
  join(session: StoredSession, client: ClientId): Promise<boolean>;
  /** The clients that take part in the session, or did until it ended, in no order. When it has ended, all of them: nobody joins any more. */
  participants(tenant: TenantId, session: SessionPublicId, now: Instant): Promise<readonly ClientId[]>;
  /** The user's sessions that stand, in no order. A page may have fewer than the limit, also where it is not the last. */
  ofUser(tenant: TenantId, user: UserId, now: Instant, page: PageRequest): Promise<PageOf<StoredSession>>;
  endOfUser(tenant: TenantId, user: UserId): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

/** So many that no person reaches it, so few that a session stays small. */
export const maximumParticipants = 100;
