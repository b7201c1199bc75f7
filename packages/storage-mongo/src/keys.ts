import type { TenantId } from "@signet/protocol";

/** The `_id` of what belongs to a tenant. Neither ids nor algorithms have a colon in them. */
export function tenantKey(tenant: TenantId, ...ids: readonly string[]): string {
  return [tenant, ...ids].join(":");
}

/** Of all documents whose `_id` begins with these ids: the semicolon is the character that comes after the colon. */
export function keysOf(tenant: TenantId, ...ids: readonly string[]) {
  const prefix = tenantKey(tenant, ...ids);
  return { _id: { $gt: `${prefix}:`, $lt: `${prefix};` } };
}

/** Of a tenant's documents that come after the one with the id `cursor`. */
export function keysAfter(tenant: TenantId, cursor = "") {
  return { _id: { ...keysOf(tenant)._id, $gt: tenantKey(tenant, cursor) } };
}
