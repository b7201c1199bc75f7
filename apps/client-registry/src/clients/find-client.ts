import { type Instant, isAlive, parseClientId, ResourceError } from "@signet/protocol";
import type { RegistryStores, StoredClient, StoredTenant } from "@signet/storage";

/**
 * The tenant's client of that id. Another tenant's client is as unknown as one that does not exist, and so is one that has expired.
 * @throws ResourceError not_found
 */
export async function requireClient(
  tenant: StoredTenant,
  clientId: string,
  { clients }: Pick<RegistryStores, "clients">,
  now: Instant,
): Promise<StoredClient> {
  const client = await findClient(tenant, clientId, { clients }, now);
  if (client === undefined) throw clientNotFound();
  return client;
}

/** As `requireClient`; undefined where there is none. */
export async function findClient(
  tenant: StoredTenant,
  clientId: string,
  { clients }: Pick<RegistryStores, "clients">,
  now: Instant,
): Promise<StoredClient | undefined> {
  const id = parseClientId(clientId);
  const client = id === undefined ? undefined : await clients.find(tenant.id, id);
  return client !== undefined && isAlive(client, now) ? client : undefined;
}

/** The answer to a client_id that no client of the tenant has. */
export function clientNotFound(): ResourceError {
  return new ResourceError("not_found", "there is no client of that client_id");
}
