import type { registry } from "@signet/contracts";
import { formatCursor, parseClientId, parsePage } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { toClientMessage } from "./client-message.ts";
import { openClientSecret } from "./client-secret.ts";

/**
 * The tenant's clients, by id.
 * @throws ResourceError not_found; invalid for a page that cannot be
 */
export async function listClients(
  { tenant: name, page, revealSecrets }: registry.ListClientsRequest,
  { stores, sealer }: Pick<RegistryDependencies, "stores" | "sealer">,
): Promise<registry.ListClientsResponse> {
  const tenant = await requireTenant(name, stores);
  const { items, nextCursor } = await stores.clients.list(tenant.id, parsePage(page, parseClientId));
  return {
    clients: await Promise.all(
      items.map(async (client) => ({
        client: toClientMessage(client),
        clientSecret: revealSecrets ? await openClientSecret(client, { sealer }) : "",
      })),
    ),
    nextCursor: formatCursor(nextCursor),
  };
}
