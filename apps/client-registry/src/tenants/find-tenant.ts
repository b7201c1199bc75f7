import { parseTenantName, ResourceError } from "@signet/protocol";
import type { StoredTenant, TenantStore } from "@signet/storage";

export async function findTenant(name: string, tenants: TenantStore): Promise<StoredTenant | undefined> {
  const parsed = parseTenantName(name);
  return parsed === undefined ? undefined : await tenants.findByName(parsed);
}

/** @throws ResourceError not_found */
export async function requireTenant(name: string, tenants: TenantStore): Promise<StoredTenant> {
  const tenant = await findTenant(name, tenants);
  if (tenant === undefined) throw new ResourceError("not_found", "there is no tenant of that name");
  return tenant;
}
