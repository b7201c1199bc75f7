import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { clientNotFound, requireClient } from "./find-client.ts";

/** @throws ResourceError not_found */
export async function deleteClient(
  { tenant: name, clientId }: registry.DeleteClientRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
): Promise<registry.DeleteClientResponse> {
  const client = await requireClient(await requireTenant(name, stores), clientId, stores);
  if (!(await stores.clients.delete(client.tenantId, client.id))) throw clientNotFound();
  await stores.changes.publish({ kind: "client", tenantId: client.tenantId, clientId: client.id, deleted: true });
  return {};
}
