import type { registry } from "@signet/contracts";
import { defaultTenantName, parseTenantName, ResourceError, tenantNotFound } from "@signet/protocol";
import type { DeletedTenant, RegistryStores } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { findTenant } from "./find-tenant.ts";

/**
 * Deletes the tenant with its clients and its keys, and tells of it. A call that failed halfway can be made again: it then does all that the first
 * one may have left, also where the tenant itself is gone already.
 * @throws ResourceError not_found, invalid
 */
export async function deleteTenant(
  { name }: registry.DeleteTenantRequest,
  { stores, sealer, clock }: Pick<RegistryDependencies, "stores" | "sealer" | "clock">,
): Promise<registry.DeleteTenantResponse> {
  if (name === defaultTenantName) throw new ResourceError("invalid", "the tenant default cannot be deleted");
  const tenant = (await findTenant(name, stores)) ?? (await requireUnfinished(name, stores));
  await stores.clients.deleteTenant(tenant.id);
  await stores.initialAccessTokens.deleteTenant(tenant.id);
  await stores.tenants.delete(tenant, clock());
  await stores.changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: true });
  await stores.subjectSecrets.deleteTenant(tenant.id);
  await stores.registryDataKeys.deleteTenant(tenant.id);
  await stores.refusals.deleteTenant(tenant.id);
  sealer.forget(tenant.id);
  await stores.tenants.finishDeletion(tenant.id);
  return {};
}

/** The tenant that had the name, and whose deletion has begun and has not come to its end. */
async function requireUnfinished(name: string, { tenants }: Pick<RegistryStores, "tenants">): Promise<DeletedTenant> {
  const parsed = parseTenantName(name);
  const tenant = parsed && (await tenants.findUnfinished(parsed));
  if (tenant === undefined) throw tenantNotFound();
  return tenant;
}
