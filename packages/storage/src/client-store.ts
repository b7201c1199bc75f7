import type { Client, ClientId, Instant, SecretHash, TenantId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";
import type { Sealed } from "./sealed.ts";

/** How a client is that registered itself. */
export interface StoredRegistration {
  /** Of the registration access token (RFC 7592 section 3). */
  readonly tokenHash: SecretHash;
  /** Whether it registered without a token of anybody's. */
  readonly isOpen: boolean;
  /** Members of the metadata, by their names on the wire, that an administrator has set since: the client does not change them. */
  readonly administered: readonly string[];
  /** As it was sent (RFC 7591 section 2.3). */
  readonly softwareStatement?: string;
}

export interface StoredClient extends Client {
  /** Absent for a client that an administrator registered. */
  readonly registration?: StoredRegistration;
  /** Absent for a client without a secret. */
  readonly secret?: Sealed;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** 1 at first, one more with each replacement. */
  readonly version: number;
}

export type SelfRegisteredClient = StoredClient & { readonly registration: StoredRegistration };

export interface ClientStore {
  create(client: StoredClient): Promise<void>;
  /**
   * As `create`, where the tenant has fewer than `quota` clients that registered themselves and have not expired. However many calls there are at the same
   * time, no more than the quota are created; where it is nearly reached, each of several may be told that it is.
   */
  createWithin(client: SelfRegisteredClient, quota: number, now: Instant): Promise<"created" | "quota-reached">;
  find(tenant: TenantId, id: ClientId): Promise<StoredClient | undefined>;
  /** By id. */
  list(tenant: TenantId, page: PageRequest): Promise<PageOf<StoredClient>>;
  /** Puts `client` in place of the stored one of the version before it; `conflict` where that is not the stored version. */
  replace(client: StoredClient): Promise<"replaced" | "conflict" | "unknown">;
  /** Deletes some of the tenant's clients that registered themselves and have expired, `limit` at most: those that it names. */
  deleteExpired(tenant: TenantId, now: Instant, limit: number): Promise<readonly ClientId[]>;
  /** Whether there was one. */
  delete(tenant: TenantId, id: ClientId): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
