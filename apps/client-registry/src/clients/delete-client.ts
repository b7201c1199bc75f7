import type { registry } from "@signet/contracts";
import type { ChangeFeed, ClientStore, TenantStore } from "@signet/storage";
import { requireTenant } from "../tenants/find-tenant.ts";
import { noSuchClient, requireClient } from "./find-client.ts";

export interface DeleteClient {
  readonly tenants: TenantStore;
  readonly clients: ClientStore;
  readonly changes: ChangeFeed;
}

/** @throws ResourceError not_found */
export async function deleteClient(
  { tenant: name, clientId }: registry.DeleteClientRequest,
  { tenants, clients, changes }: DeleteClient,
): Promise<registry.DeleteClientResponse> {
  const client = await requireClient(await requireTenant(name, tenants), clientId, clients);
  if (!(await clients.delete(client.tenantId, client.id))) throw noSuchClient();
  await changes.publish({ kind: "client", tenantId: client.tenantId, clientId: client.id, deleted: true });
  return {};
}
