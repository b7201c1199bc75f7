import type { registry } from "@signet/contracts";
import {
  type ClientMetadata,
  hasSecret,
  type Instant,
  newClientId,
  parseClientMetadata,
  parseSecretExpiry,
  type TenantId,
} from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { checkSector } from "./check-sector.ts";
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
  dependencies: RegistryDependencies,
  view: SecretView,
): Promise<registry.CreateClientResponse> {
  const { stores } = dependencies;
  const tenant = await requireTenant(request.tenant, stores);
  const metadata = parseClientMetadata(draftOf(request.metadata));
  const secretExpiresAt = parseSecretExpiry(request.clientSecretExpiresAt);
  await checkSector(tenant.id, metadata, undefined, dependencies);
  const { client, clientSecret } = await newClient(tenant.id, metadata, secretExpiresAt, dependencies);
  await stores.clients.create(client);
  await stores.changes.publish({ kind: "client", tenantId: tenant.id, clientId: client.id, deleted: false });
  return { client: toClientMessage(client, view), clientSecret };
}

/** A client that nobody has heard of yet, with a secret where its method takes one; the secret is empty where it does not. */
export async function newClient(
  tenantId: TenantId,
  metadata: ClientMetadata,
  secretExpiresAt: Instant | undefined,
  { sealer, clock, random }: Pick<RegistryDependencies, "sealer" | "clock" | "random">,
): Promise<{ readonly client: StoredClient; readonly clientSecret: string }> {
  const id = newClientId(random);
  const now = clock();
  const unsecured: StoredClient = { id, tenantId, metadata, createdAt: now, updatedAt: now, version: 1 };
  if (!hasSecret(metadata.tokenEndpointAuthMethod)) return { client: unsecured, clientSecret: "" };
  const { secret, stored } = await newClientSecret(tenantId, id, metadata.tokenEndpointAuthMethod, { sealer, random });
  const client = { ...unsecured, ...stored, ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }) };
  return { client, clientSecret: secret };
}
