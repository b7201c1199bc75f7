import type { registry } from "@signet/contracts";
import { defaultTenantName, ResourceError } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "./find-tenant.ts";

/**
 * Deletes the tenant with its clients and its data key. The clients go first, so that a call that failed halfway can be made again.
 * @throws ResourceError not_found, invalid
 */
export async function deleteTenant(
  { name }: registry.DeleteTenantRequest,
  { stores, sealer }: Pick<RegistryDependencies, "stores" | "sealer">,
): Promise<registry.DeleteTenantResponse> {
  if (name === defaultTenantName) throw new ResourceError("invalid", "the tenant default cannot be deleted");
  const tenant = await requireTenant(name, stores);
  await stores.clients.deleteTenant(tenant.id);
  await stores.tenants.delete(tenant.id);
  await stores.changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: true });
  await stores.registryDataKeys.deleteTenant(tenant.id);
  sealer.forget(tenant.id);
  return {};
}
