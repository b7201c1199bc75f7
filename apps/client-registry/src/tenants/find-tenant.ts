import { parseTenantName, tenantNotFound } from "@signet/protocol";
import type { RegistryStores, StoredTenant } from "@signet/storage";

/** The tenant of that name; undefined where there is none. */
export async function findTenant(name: string, { tenants }: Pick<RegistryStores, "tenants">): Promise<StoredTenant | undefined> {
  const parsed = parseTenantName(name);
  return parsed === undefined ? undefined : await tenants.findByName(parsed);
}

/**
 * The tenant of that name.
 * @throws ResourceError not_found
 */
export async function requireTenant(name: string, stores: Pick<RegistryStores, "tenants">): Promise<StoredTenant> {
  const tenant = await findTenant(name, stores);
  if (tenant === undefined) throw tenantNotFound();
  return tenant;
}
