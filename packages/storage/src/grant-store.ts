import type {
  ClientId,
  GrantId,
  Instant,
  RequestedClaims,
  SecretHash,
  SessionPublicId,
  TenantId,
  UserId,
} from "@signet/protocol";

/**
 * The refresh tokens that descend from one grant, of which one is live. The live one and the one before it are kept as hashes; the live one also
 * encrypted under the one before it, so that a retry within the grace window gets the same successor.
 */
export interface RefreshTokenFamily {
  /** Of the part that all tokens of the family share. */
  readonly family: SecretHash;
  readonly current: SecretHash;
  readonly expiresAt: Instant;
  readonly previous?: SecretHash;
  readonly rotatedAt?: Instant;
  /** The live token, encrypted under the one before it. */
  readonly successor?: string;
}

/** An access token that was revoked by itself. */
export interface RevokedToken {
  /** Its `jti`, or the hash of an opaque one. */
  readonly id: string;
  /** When it would have expired anyway. */
  readonly expiresAt: Instant;
}

/** So many revoked tokens a grant remembers at a time. */
export const maximumRevokedTokens = 32;

/** One authorization's outcome, from which tokens descend and through which they are revoked together. */
export interface StoredGrant {
  readonly id: GrantId;
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  readonly userId: UserId;
  readonly scopes: readonly string[];
  /** Asked for by name and agreed to, beside what the scopes stand for. */
  readonly requestedClaims: RequestedClaims;
  /** The members of the profile that the granted custom scopes stood for when they were granted. */
  readonly customClaims: readonly string[];
  readonly authTime: Instant;
  readonly amr: readonly string[];
  readonly sessionPublicId: SessionPublicId;
  /** The user's authorization epoch at the time. */
  readonly epoch: number;
  readonly createdAt: Instant;
  /** When the last of what was issued from it has expired; a rotation moves it on. */
  readonly expiresAt: Instant;
  readonly refresh?: RefreshTokenFamily;
  /** Absent where there are none. */
  readonly revokedTokens?: readonly RevokedToken[];
}

export interface TokenRevocation {
  readonly tenantId: TenantId;
  readonly grantId: GrantId;
  readonly token: RevokedToken;
  readonly now: Instant;
}

export interface Rotation {
  readonly tenantId: TenantId;
  readonly grantId: GrantId;
  readonly clientId: ClientId;
  readonly presented: SecretHash;
  /** Of the part of the presented token that all tokens of its family share. */
  readonly family: SecretHash;
  readonly next: SecretHash;
  /** The next token, encrypted under the presented one. */
  readonly successor: string;
  /** Of the next token. */
  readonly expiresAt: Instant;
  /** Of the grant, at least. */
  readonly grantExpiresAt: Instant;
  readonly now: Instant;
  readonly graceMilliseconds: number;
}

export type Rotated =
  /** The presented token was the live one; the next one is now. */
  | { readonly kind: "rotated" }
  /**
   * The presented token was the live one until less than the grace window ago, or, by a clock that was set back or is another replica's, will be for
   * less than it; `successor` is the live one, encrypted under it.
   */
  | { readonly kind: "retried"; readonly successor: string }
  /** The presented token is of this family and was used before: the grant is revoked with this call. */
  | { readonly kind: "reused" }
  /** No such grant, or it is another client's, expired or revoked; or the token is not of its family. */
  | { readonly kind: "unknown" };

export interface GrantStore {
  /**
   * Saves a new grant, unless it was revoked before it was saved. One that is opened once more is revoked: its code has been redeemed twice, after a store of
   * codes had lost what it last acknowledged.
   */
  open(grant: StoredGrant): Promise<"opened" | "revoked">;
  /** Undefined once expired or revoked. */
  find(tenant: TenantId, id: GrantId, now: Instant): Promise<StoredGrant | undefined>;
  /** Replaces the live refresh token, in one atomic step. Of any number of concurrent calls with one token exactly one gets `rotated`. */
  rotate(rotation: Rotation): Promise<Rotated>;
  /** Ends the grant, also one that has yet to be opened. It is remembered until `until`. */
  revoke(tenant: TenantId, id: GrantId, until: Instant): Promise<void>;
  /**
   * Ends one access token of the grant, which notes it until the token expires. Where `maximumRevokedTokens` others are noted that have yet to expire,
   * the grant ends instead, so that no client fills the store. Nothing happens where there is no such grant.
   */
  revokeToken(revocation: TokenRevocation): Promise<void>;
  /**
   * Ends for good the grants that rest on a browser's session: those that are open and do not outlive it (`outlivesSession`). One that is opened while this
   * runs, or afterwards, may be ended too or may not: whoever wants all of them calls again when no more can come.
   */
  endSession(tenant: TenantId, session: SessionPublicId, now: Instant): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
