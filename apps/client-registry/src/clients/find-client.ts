import { parseClientId, ResourceError } from "@signet/protocol";
import type { RegistryStores, StoredClient, StoredTenant } from "@signet/storage";

/**
 * The tenant's client of that id. Another tenant's client is as unknown as one that does not exist.
 * @throws ResourceError not_found
 */
export async function requireClient(
  tenant: StoredTenant,
  clientId: string,
  { clients }: Pick<RegistryStores, "clients">,
): Promise<StoredClient> {
  const id = parseClientId(clientId);
  const client = id === undefined ? undefined : await clients.find(tenant.id, id);
  if (client === undefined) throw clientNotFound();
  return client;
}

/** The answer to a client_id that no client of the tenant has. */
export function clientNotFound(): ResourceError {
  return new ResourceError("not_found", "there is no client of that client_id");
}
