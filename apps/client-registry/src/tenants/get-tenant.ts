import type { registry } from "@signet/contracts";
import type { TenantStore } from "@signet/storage";
import { requireTenant } from "./find-tenant.ts";
import { tenantToProto } from "./translate.ts";

/** @throws ResourceError not_found */
export async function getTenant(
  { name }: registry.GetTenantRequest,
  { tenants }: { readonly tenants: TenantStore },
): Promise<registry.GetTenantResponse> {
  return { tenant: tenantToProto(await requireTenant(name, tenants)) };
}
