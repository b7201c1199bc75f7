import type { Brand, ClientId, Instant, JsonObject, TenantId, UserId, UserIdentifier } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";

/** An Argon2id hash in its PHC string. */
export type PasswordHash = Brand<string, "PasswordHash">;

export interface StoredUser {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly collection: string;
  readonly username: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  /** Of the username and the email address. No two users of a collection share one. */
  readonly identifiers: readonly UserIdentifier[];
  /** OpenID Connect standard claims beside the above. */
  readonly claims: JsonObject;
  readonly roles: readonly string[];
  readonly attributes: JsonObject;
  readonly blocked: boolean;
  /** Raised by a block, a new password and a change of roles: what was granted at an earlier epoch is dead. */
  readonly epoch: number;
  /** Absent: the user cannot sign in by password. */
  readonly passwordHash?: PasswordHash;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** 1 at first, one more with each replacement. */
  readonly version: number;
}

/** A user and what they allowed one client. */
export interface UserWithConsent {
  readonly user: StoredUser;
  /** As `ConsentStore.find` gives it. */
  readonly allowed: readonly string[];
}

/** What a user allowed clients is a part of the user, and goes with them. */
export interface UserStore {
  /** Of any number of concurrent calls that share an identifier in one collection exactly one gets `created`. */
  create(user: StoredUser): Promise<"created" | "identifier-taken">;
  find(tenant: TenantId, id: UserId): Promise<StoredUser | undefined>;
  /** The user and what they allowed the client, both as they are at one moment. */
  findWithConsent(tenant: TenantId, id: UserId, client: ClientId): Promise<UserWithConsent | undefined>;
  findByIdentifier(tenant: TenantId, collection: string, identifier: UserIdentifier): Promise<StoredUser | undefined>;
  /** By id. */
  list(tenant: TenantId, page: PageRequest): Promise<PageOf<StoredUser>>;
  /** Puts `user` in place of the stored one of the version before it; `conflict` where that is not the stored version. What the user allowed stays. */
  replace(user: StoredUser): Promise<"replaced" | "conflict" | "identifier-taken" | "unknown">;
  /** Whether there was one. */
  delete(tenant: TenantId, id: UserId): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
