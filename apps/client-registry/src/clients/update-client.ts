import type { registry } from "@signet/contracts";
import { type ClientMetadata, parseClientMetadata } from "@signet/protocol";
import { type StoredClient, untilReplaced } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { checkSector } from "./check-sector.ts";
import { changedMembers, mergedDraft, toClientMessage } from "./client-message.ts";
import { withoutSecret, withSecret } from "./client-secret.ts";
import { requireClient } from "./find-client.ts";
import type { SecretView } from "./secret-view.ts";

interface Updated {
  readonly client: StoredClient;
  readonly clientSecret: string;
}

/**
 * Replaces the members named and validates the result as a whole; what is not named stays as it is, so that leaving out loosens nothing. A client
 * that comes to have no secret loses the one it had; one that comes to have a secret, or one that is a key (`client_secret_jwt`), gets a new one. A new secret has no end but the one sent with it.
 * @throws ResourceError not_found, invalid, unavailable
 * @throws OAuthError invalid_redirect_uri, invalid_client_metadata
 */
export async function updateClient(
  request: registry.UpdateClientRequest,
  dependencies: RegistryDependencies,
  view: SecretView,
): Promise<registry.UpdateClientResponse> {
  const { stores, clock } = dependencies;
  const { client, clientSecret } = await untilReplaced(async (): Promise<Updated | undefined> => {
    const now = clock();
    const current = await requireClient(await requireTenant(request.tenant, stores), request.clientId, stores, now);
    const metadata = parseClientMetadata(mergedDraft(current.metadata, request.metadata, request.members));
    await checkSector(current.tenantId, metadata, current.metadata, dependencies);
    const next: StoredClient = {
      ...withoutSecret(current),
      metadata,
      updatedAt: now,
      version: current.version + 1,
      ...administered(current, metadata),
    };
    const { secured, issued } = await withSecret(next, current, request, dependencies);
    const outcome = await stores.clients.replace(secured);
    return outcome === "replaced" ? { client: secured, clientSecret: issued?.secret ?? "" } : undefined;
  });
  await stores.changes.publish({ kind: "client", tenantId: client.tenantId, clientId: client.id, deleted: false });
  return { client: toClientMessage(client, view), clientSecret };
}

/** What an administrator has changed stays so, whatever the client, where it registered itself, says of itself later (G1). */
function administered({ registration, metadata }: StoredClient, changed: ClientMetadata): Pick<StoredClient, "registration"> {
  if (registration === undefined) return {};
  const names = changedMembers(metadata, changed);
  return { registration: { ...registration, administered: [...new Set([...registration.administered, ...names])] } };
}
