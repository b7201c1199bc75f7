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

/** What is kept of a tenant that was deleted, so that whoever has something of it hears of the deletion in the end. */
export interface DeletedTenant {
  readonly id: TenantId;
  /** The name that it had; another may have it now. */
  readonly name: TenantName;
  readonly deletedAt: Instant;
}

/** For so long at least a deletion is remembered. */
export const deletionMemoryDays = 90;

export interface TenantStore {
  /** Of any number of concurrent calls with one name exactly one gets `created`. */
  create(tenant: StoredTenant): Promise<"created" | "name-taken">;
  findByName(name: TenantName): Promise<StoredTenant | undefined>;
  /** By name. */
  list(page: PageRequest): Promise<PageOf<StoredTenant>>;
  /** Puts `tenant` in place of the stored one of the version before it; `conflict` where that is not the stored version, `unknown` where there is none of that id. */
  replace(tenant: StoredTenant): Promise<"replaced" | "conflict" | "unknown">;
  /** Turns the tenant into a deleted one, in one atomic step: its name is free from then on. Whether there was one. */
  delete(tenant: Pick<Tenant, "id" | "name">, now: Instant): Promise<boolean>;
  /** Of the deleted tenants that had the name and whose deletion was not finished, the one that was deleted last. */
  findUnfinished(name: TenantName): Promise<DeletedTenant | undefined>;
  /** All that a deletion takes was done. */
  finishDeletion(id: TenantId): Promise<void>;
  /** The deleted tenants, finished or not, by `deletedTenantKey`. */
  listDeleted(page: PageRequest): Promise<PageOf<DeletedTenant>>;
}

/** What deleted tenants are in the order of: those that had one name stand together, the last deleted one last. No name has a colon in it. */
export function deletedTenantKey({ id, name, deletedAt }: DeletedTenant): string {
  return `${name}:${new Date(deletedAt).toISOString()}:${id}`;
}
