import type { registry } from "@signet/contracts";
import { defaultTenantName, ResourceError } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { ChangeFeed, ClientStore, DataKeyStore, TenantStore } from "@signet/storage";
import { requireTenant } from "./find-tenant.ts";

export interface DeleteTenant {
  readonly tenants: TenantStore;
  readonly clients: ClientStore;
  readonly registryDataKeys: DataKeyStore;
  readonly changes: ChangeFeed;
  readonly sealer: Sealer;
}

/**
 * Deletes the tenant with its clients and its data key. The clients go first, so that a call that failed halfway can be made again.
 * @throws ResourceError not_found, invalid
 */
export async function deleteTenant(
  { name }: registry.DeleteTenantRequest,
  { tenants, clients, registryDataKeys, changes, sealer }: DeleteTenant,
): Promise<registry.DeleteTenantResponse> {
  if (name === defaultTenantName) throw new ResourceError("invalid", "the tenant default cannot be deleted");
  const tenant = await requireTenant(name, tenants);
  await clients.deleteTenant(tenant.id);
  await tenants.delete(tenant.id);
  await changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: true });
  await registryDataKeys.deleteTenant(tenant.id);
  sealer.forget(tenant.id);
  return {};
}
