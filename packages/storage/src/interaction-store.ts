import type { AccountChoice, Instant, InteractionId, JsonObject, SecretHash, TenantId } from "@signet/protocol";

/** One sign-in or consent in progress, bound to the browser that holds the secret. */
export interface StoredInteraction {
  readonly id: InteractionId;
  readonly tenantId: TenantId;
  readonly secretHash: SecretHash;
  /** The authorization request as it was sent, and what it came with; absent for a sign-in without an application. */
  readonly request?: JsonObject;
  /** Of the public id of the session that this interaction's sign-in began; absent before. */
  readonly sessionHash?: SecretHash;
  /** Which account the user chose to go on with; absent where they were not asked, or have not answered yet. */
  readonly choice?: AccountChoice;
  readonly expiresAt: Instant;
}

export interface InteractionStore {
  save(interaction: StoredInteraction): Promise<void>;
  /** Undefined once expired or finished, or where the interaction is another tenant's. */
  find(tenant: TenantId, id: InteractionId, now: Instant): Promise<StoredInteraction | undefined>;
  /** Notes the session that a sign-in began. */
  signedIn(tenant: TenantId, id: InteractionId, session: SecretHash, now: Instant): Promise<"noted" | "unknown">;
  /** Notes which account the user chose; a later choice takes its place. */
  chose(tenant: TenantId, id: InteractionId, choice: AccountChoice, now: Instant): Promise<"noted" | "unknown">;
  /** Ends the interaction. Of any number of concurrent calls exactly one gets it; the others get undefined. */
  finish(tenant: TenantId, id: InteractionId, now: Instant): Promise<StoredInteraction | undefined>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
