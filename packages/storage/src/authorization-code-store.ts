import type {
  ClientId,
  CodeChallenge,
  GrantId,
  Instant,
  RedirectUri,
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
  readonly grantId: GrantId;
  readonly redirectUri: RedirectUri;
  readonly codeChallenge?: CodeChallenge;
  readonly scopes: readonly string[];
  readonly requestedScopes: readonly string[];
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
  | { readonly kind: "consumed"; readonly code: StoredCode }
  | { readonly kind: "replayed"; readonly code: StoredCode; readonly consumedAt: Instant }
  | { readonly kind: "unknown" };

export interface AuthorizationCodeStore {
  save(code: StoredCode): Promise<void>;
  /**
   * Consumes the code. Of any number of concurrent calls exactly one gets `consumed`; the others, and later ones for at least
   * `replayMemoryMilliseconds` after it was consumed, get `replayed`. An expired code is `unknown`, unless it was consumed.
   */
  consume(tenant: TenantId, hash: SecretHash, now: Instant): Promise<ConsumedCode>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

/** How long a consumed code is remembered, so that a replay is known for what it is. */
export const replayMemoryMilliseconds = 60 * 60 * 1000;
