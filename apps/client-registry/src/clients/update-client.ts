import type { registry } from "@signet/contracts";
import { hasSecret, type Instant, OAuthError, parseChangedSecretExpiry, parseClientMetadata } from "@signet/protocol";
import { type StoredClient, untilReplaced } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { mergedDraft, toClientMessage } from "./client-message.ts";
import { type NewClientSecret, newClientSecret } from "./client-secret.ts";
import { requireClient } from "./find-client.ts";
import type { SecretView } from "./secret-view.ts";

interface Updated {
  readonly client: StoredClient;
  readonly clientSecret: string;
}

/**
 * Replaces the members named and validates the result as a whole; what is not named stays as it is, so that leaving out loosens nothing. A client
 * that comes to have no secret loses the one it had; one that comes to have a secret gets a new one. A new secret has no end but the one sent with it.
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
    const current = await requireClient(await requireTenant(request.tenant, stores), request.clientId, stores);
    const metadata = parseClientMetadata(mergedDraft(current.metadata, request.metadata, request.members));
    const { id, tenantId, createdAt } = current;
    const next: StoredClient = { id, tenantId, metadata, createdAt, updatedAt: clock(), version: current.version + 1 };
    const { secured, issued } = await withSecret(next, current, request, dependencies);
    const outcome = await stores.clients.replace(secured);
    return outcome === "replaced" ? { client: secured, clientSecret: issued?.secret ?? "" } : undefined;
  });
  await stores.changes.publish({ kind: "client", tenantId: client.tenantId, clientId: client.id, deleted: false });
  return { client: toClientMessage(client, view), clientSecret };
}

/** `next` with the secret that it is to have: none, the one of `current`, or a new one. */
async function withSecret(
  next: StoredClient,
  current: StoredClient,
  { rotateSecret, clientSecretExpiresAt }: registry.UpdateClientRequest,
  dependencies: Pick<RegistryDependencies, "sealer" | "random">,
): Promise<{ readonly secured: StoredClient; readonly issued?: NewClientSecret }> {
  const sentExpiry =
    clientSecretExpiresAt === undefined ? undefined : parseChangedSecretExpiry(clientSecretExpiresAt, next.updatedAt);
  const method = next.metadata.tokenEndpointAuthMethod;
  if (!hasSecret(method)) {
    if (rotateSecret) {
      throw new OAuthError(
        "invalid_client_metadata",
        `a client with token_endpoint_auth_method ${method} has no secret to renew`,
      );
    }
    return { secured: next };
  }
  if (!rotateSecret && current.secretHash !== undefined && current.secret !== undefined) {
    const expiry = clientSecretExpiresAt === undefined ? current.secretExpiresAt : sentExpiry;
    return { secured: { ...next, secretHash: current.secretHash, secret: current.secret, ...expiring(expiry) } };
  }
  const issued = await newClientSecret(next.tenantId, next.id, dependencies);
  return { secured: { ...next, ...issued.stored, ...expiring(sentExpiry) }, issued };
}

function expiring(secretExpiresAt: Instant | undefined): Pick<StoredClient, "secretExpiresAt"> {
  return secretExpiresAt === undefined ? {} : { secretExpiresAt };
}
