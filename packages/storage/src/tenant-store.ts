import type { Instant, SecretHash, Tenant, TenantId, TenantName } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";
import type { Sealed } from "./sealed.ts";

export interface StoredTenant extends Tenant {
  readonly registrationTokenHash: SecretHash;
  /** The same token, sealed: the administration API shows it. */
  readonly registrationToken: Sealed;
  readonly createdAt: Instant;
  /** 1 at first, one more with each replacement. */
  readonly version: number;
}

export interface TenantStore {
  /** Of any number of concurrent calls with one name exactly one gets `created`. */
  create(tenant: StoredTenant): Promise<"created" | "name-taken">;
  findByName(name: TenantName): Promise<StoredTenant | undefined>;
  /** By name. */
  list(page: PageRequest): Promise<PageOf<StoredTenant>>;
  /** Puts `tenant` in place of the stored one of the version before it; `conflict` where that is not the stored version, `unknown` where there is none of that id. */
  replace(tenant: StoredTenant): Promise<"replaced" | "conflict" | "unknown">;
  /** Whether there was one. */
  delete(id: TenantId): Promise<boolean>;
}
