import type { registry } from "@signet/contracts";
import { formatCursor, parsePage, parseTenantName } from "@signet/protocol";
import type { TenantStore } from "@signet/storage";
import { tenantToProto } from "./translate.ts";

/** @throws ResourceError invalid */
export async function listTenants(
  { page }: registry.ListTenantsRequest,
  { tenants }: { readonly tenants: TenantStore },
): Promise<registry.ListTenantsResponse> {
  const { items, nextCursor } = await tenants.list(parsePage(page, parseTenantName));
  return { tenants: items.map(tenantToProto), nextCursor: nextCursor === undefined ? "" : formatCursor(nextCursor) };
}
