import { registry } from "@signet/contracts";
import { formatCursor, isAlive, parseClientId, parsePage } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { toClientMessage } from "./client-message.ts";
import { openClientSecret } from "./client-secret.ts";
import { refuseHiddenSecrets, type SecretView } from "./secret-view.ts";

/** A page ends before a message would be too long, where its clients have long metadata. */
const longestPageBytes = 512 * 1024;

/**
 * The tenant's clients, by id. A page may be shorter than it was asked for.
 * @throws ResourceError not_found; invalid for a page that cannot be; forbidden where secrets are asked for by one who may not see them
 */
export async function listClients(
  { tenant: name, page, revealSecrets }: registry.ListClientsRequest,
  { stores, sealer, clock }: Pick<RegistryDependencies, "stores" | "sealer" | "clock">,
  view: SecretView,
): Promise<registry.ListClientsResponse> {
  refuseHiddenSecrets(revealSecrets, view);
  const sent = parsePage(page, parseClientId);
  const tenant = await requireTenant(name, stores);
  const { items, nextCursor } = await stores.clients.list(tenant.id, sent);
  const now = clock();
  const alive = items.filter((client) => isAlive(client, now));
  const shown = await Promise.all(
    alive.map(async (client) => ({
      client: toClientMessage(client, view),
      clientSecret: revealSecrets ? await openClientSecret(client, { sealer }) : "",
    })),
  );
  const clients = shown.slice(0, fitting(shown));
  const cursor = clients.length < alive.length ? alive[clients.length - 1]?.id : nextCursor;
  return { clients, nextCursor: formatCursor(cursor) };
}

/** How many of the first replies fit into one page; one at least. */
function fitting(replies: readonly registry.GetClientResponse[]): number {
  let bytes = 0;
  for (const [index, reply] of replies.entries()) {
    bytes += registry.GetClientResponse.encode(reply).finish().length;
    if (bytes > longestPageBytes && index > 0) return index;
  }
  return replies.length;
}
