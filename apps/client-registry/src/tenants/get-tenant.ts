import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "./find-tenant.ts";
import { toTenantMessage } from "./tenant-message.ts";

/** @throws ResourceError not_found */
export async function getTenant(
  { name }: registry.GetTenantRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
): Promise<registry.GetTenantResponse> {
  return { tenant: toTenantMessage(await requireTenant(name, stores)) };
}
