import type {
  ClientId,
  CodeChallenge,
  GrantId,
  Instant,
  RedirectUri,
  RequestedClaims,
  SecretHash,
  SessionPublicId,
  TenantId,
  UserId,
} from "@signet/protocol";

/** An authorization code and all that it was bound to. */
export interface StoredCode {
  readonly hash: SecretHash;
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  readonly userId: UserId;
  /** The user's when the code was issued: the one whose members might sign in at the tenant then. */
  readonly collection: string;
  readonly grantId: GrantId;
  readonly redirectUri: RedirectUri;
  readonly codeChallenge?: CodeChallenge;
  readonly scopes: readonly string[];
  readonly requestedScopes: readonly string[];
  readonly requestedClaims: RequestedClaims;
  /** The members of the profile that the granted custom scopes stood for when they were granted. */
  readonly customClaims: readonly string[];
  readonly nonce?: string;
  readonly authTime: Instant;
  readonly amr: readonly string[];
  readonly sessionPublicId: SessionPublicId;
  readonly epoch: number;
  readonly expiresAt: Instant;
}

export type ConsumedCode =
  | {
      readonly kind: "consumed";
      readonly code: StoredCode;
      /** Whether a change of the code's user may have been noted. False where none was; true proves nothing. */
      readonly userMayHaveChanged: boolean;
    }
  | { readonly kind: "replayed"; readonly code: StoredCode; readonly consumedAt: Instant }
  | { readonly kind: "unknown" };

export interface AuthorizationCodeStore {
  save(code: StoredCode): Promise<void>;
  /**
   * Consumes the code. Of any number of concurrent calls exactly one gets `consumed`; the others, and later ones for at least
   * `replayMemoryMilliseconds` after it was consumed, get `replayed`. An expired code is `unknown`, unless it was consumed.
   */
  consume(tenant: TenantId, hash: SecretHash, now: Instant): Promise<ConsumedCode>;
  /**
   * From when this resolves until `until`, each code of the user that is consumed is told to be of one who may have changed, whether it was saved
   * before the note or after it. No note shortens another.
   *
   * A change that ends codes is noted first, and written once that resolved. `until` is the lifetime of a code after the note: whoever issues a code to
   * the user as they were read them before the change was written, so the code outlives the note by no more than the writing took. For that, and for
   * clocks that differ, an adapter that keeps notes keeps them for a minute longer.
   *
   * A note about a user who does not change in the end costs a reading of them, and refuses nothing.
   * @throws ResourceError unavailable: the change must not be made
   */
  noteUserChange(tenant: TenantId, user: UserId, until: Instant): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

/** How long a consumed code is remembered, so that a replay is known for what it is. */
export const replayMemoryMilliseconds = 60 * 60 * 1000;
