import type { registry } from "@signet/contracts";
import { parseClientId } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { clientNotFound } from "./find-client.ts";

/**
 * Deletes the client and tells of it, also where it is not there any more: an earlier call may have deleted it, and have failed before it told.
 * @throws ResourceError not_found
 */
export async function deleteClient(
  { tenant: name, clientId }: registry.DeleteClientRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
): Promise<registry.DeleteClientResponse> {
  const tenant = await requireTenant(name, stores);
  const id = parseClientId(clientId);
  if (id === undefined) throw clientNotFound();
  const wasThere = await stores.clients.delete(tenant.id, id);
  await stores.changes.publish({ kind: "client", tenantId: tenant.id, clientId: id, deleted: true });
  if (!wasThere) throw clientNotFound();
  return {};
}
