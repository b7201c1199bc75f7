import { type Tenant, tenantNotFound } from "@signet/protocol";
import type { Directory } from "./directory.ts";

/**
 * The tenant of that name.
 * @throws ResourceError not_found
 */
export async function requireTenant(name: string, directory: Directory): Promise<Tenant> {
  const tenant = await directory.tenant(name);
  if (tenant === undefined) throw tenantNotFound();
  return tenant;
}
