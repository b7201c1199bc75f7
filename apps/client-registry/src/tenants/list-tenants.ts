import type { registry } from "@signet/contracts";
import { formatCursor, parsePage, parseTenantName } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { toTenantMessage } from "./tenant-message.ts";

/**
 * All tenants, by name.
 * @throws ResourceError invalid for a page that cannot be
 */
export async function listTenants(
  { page }: registry.ListTenantsRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
): Promise<registry.ListTenantsResponse> {
  const { items, nextCursor } = await stores.tenants.list(parsePage(page, parseTenantName));
  return { tenants: items.map(toTenantMessage), nextCursor: formatCursor(nextCursor) };
}
