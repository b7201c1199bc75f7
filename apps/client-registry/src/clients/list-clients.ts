import type { registry } from "@signet/contracts";
import { formatCursor, parseClientId, parsePage } from "@signet/protocol";
import { requireTenant } from "../tenants/find-tenant.ts";
import { openClientSecret } from "./client-secret.ts";
import type { GetClient } from "./get-client.ts";
import { clientToProto } from "./translate.ts";

/** @throws ResourceError not_found, invalid */
export async function listClients(
  { tenant: name, page, revealSecrets }: registry.ListClientsRequest,
  { tenants, clients, sealer }: GetClient,
): Promise<registry.ListClientsResponse> {
  const tenant = await requireTenant(name, tenants);
  const { items, nextCursor } = await clients.list(tenant.id, parsePage(page, parseClientId));
  return {
    clients: await Promise.all(
      items.map(async (client) => ({
        client: clientToProto(client),
        clientSecret: revealSecrets ? await openClientSecret(client, sealer) : "",
      })),
    ),
    nextCursor: nextCursor === undefined ? "" : formatCursor(nextCursor),
  };
}
