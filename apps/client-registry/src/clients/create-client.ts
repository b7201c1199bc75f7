import type { registry } from "@signet/contracts";
import { type Clock, newClientId, parseClientMetadata, parseSecretExpiry, type Random } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { ChangeFeed, ClientStore, StoredClient, TenantStore } from "@signet/storage";
import { requireTenant } from "../tenants/find-tenant.ts";
import { newClientSecret } from "./client-secret.ts";
import { clientToProto, draftFromProto } from "./translate.ts";

export interface CreateClient {
  readonly tenants: TenantStore;
  readonly clients: ClientStore;
  readonly changes: ChangeFeed;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Registers a client, RFC 7591 section 3.
 * @throws ResourceError not_found
 * @throws OAuthError invalid_redirect_uri, invalid_client_metadata
 */
export async function createClient(
  request: registry.CreateClientRequest,
  { tenants, clients, changes, sealer, clock, random }: CreateClient,
): Promise<registry.CreateClientResponse> {
  const tenant = await requireTenant(request.tenant, tenants);
  const metadata = parseClientMetadata(draftFromProto(request.metadata));
  const secretExpiresAt = parseSecretExpiry(request.clientSecretExpiresAt);
  const id = newClientId(random);
  const now = clock();
  const unsecured: StoredClient = { id, tenantId: tenant.id, metadata, createdAt: now, updatedAt: now, version: 1 };
  const issued =
    metadata.tokenEndpointAuthMethod === "none" ? undefined : await newClientSecret(tenant.id, id, { sealer, random });
  const client: StoredClient =
    issued === undefined
      ? unsecured
      : { ...unsecured, ...issued.stored, ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }) };
  await clients.create(client);
  await changes.publish({ kind: "client", tenantId: tenant.id, clientId: id, deleted: false });
  return { client: clientToProto(client), clientSecret: issued?.secret ?? "" };
}
