import type { registry } from "@signet/contracts";
import { hasSecret, newClientId, parseClientMetadata, parseSecretExpiry } from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { draftOf, toClientMessage } from "./client-message.ts";
import { newClientSecret } from "./client-secret.ts";
import type { SecretView } from "./secret-view.ts";

/**
 * Registers a client, RFC 7591 section 3.
 * @throws ResourceError not_found
 * @throws OAuthError invalid_redirect_uri, invalid_client_metadata
 */
export async function createClient(
  request: registry.CreateClientRequest,
  { stores, sealer, clock, random }: RegistryDependencies,
  view: SecretView,
): Promise<registry.CreateClientResponse> {
  const tenant = await requireTenant(request.tenant, stores);
  const metadata = parseClientMetadata(draftOf(request.metadata));
  const secretExpiresAt = parseSecretExpiry(request.clientSecretExpiresAt);
  const id = newClientId(random);
  const now = clock();
  const unsecured: StoredClient = { id, tenantId: tenant.id, metadata, createdAt: now, updatedAt: now, version: 1 };
  const issued = hasSecret(metadata.tokenEndpointAuthMethod)
    ? await newClientSecret(tenant.id, id, { sealer, random })
    : undefined;
  const client: StoredClient =
    issued === undefined
      ? unsecured
      : { ...unsecured, ...issued.stored, ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }) };
  await stores.clients.create(client);
  await stores.changes.publish({ kind: "client", tenantId: tenant.id, clientId: id, deleted: false });
  return { client: toClientMessage(client, view), clientSecret: issued?.secret ?? "" };
}
