import type { registry } from "@signet/contracts";
import {
  type ClientMetadata,
  type ClientMetadataDraft,
  isSecretOf,
  OAuthError,
  parseClientMetadata,
  permittedMetadata,
  type RegistrationSettings,
  ResourceError,
  staysInSector,
} from "@signet/protocol";
import { type SelfRegisteredClient, type StoredClient, untilReplaced } from "@signet/storage";
import { checkSector } from "../clients/check-sector.ts";
import { administeredDraft, statedDraft, toClientMessage } from "../clients/client-message.ts";
import { openClientSecret, withoutSecret, withSecret } from "../clients/client-secret.ts";
import type { SecretView } from "../clients/secret-view.ts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { lifeOf } from "./register-client.ts";
import { requireRegistration } from "./require-registration.ts";
import { approvedStatement, statementOf } from "./software-statement.ts";

/**
 * Replaces all that the client says of itself, RFC 7592 section 2.2: what is left out has its default, within what the tenant permits now and but for what an
 * administrator has set (G1). The client's secret stays, unless its method came to have one or has none any more.
 * @throws ResourceError not_found, forbidden, unavailable
 * @throws OAuthError invalid_token, invalid_redirect_uri, invalid_client_metadata, invalid_software_statement, unapproved_software_statement
 */
export async function replaceRegistration(
  request: registry.ReplaceRegistrationRequest,
  dependencies: RegistryDependencies,
  view: SecretView,
): Promise<registry.ReplaceRegistrationResponse> {
  const { stores } = dependencies;
  const client = await untilReplaced(async (): Promise<StoredClient | undefined> => {
    const next = await nextClient(request, dependencies);
    return (await stores.clients.replace(next)) === "replaced" ? next : undefined;
  });
  await stores.changes.publish({ kind: "client", tenantId: client.tenantId, clientId: client.id, deleted: false });
  return {
    client: toClientMessage(client, view),
    clientSecret: await openClientSecret(client, dependencies),
    softwareStatement: client.registration?.softwareStatement ?? "",
  };
}

async function nextClient(
  request: registry.ReplaceRegistrationRequest,
  dependencies: RegistryDependencies,
): Promise<StoredClient> {
  const now = dependencies.clock();
  const tenant = await requireTenant(request.tenant, dependencies.stores);
  const current = await requireRegistration(tenant, request, dependencies, now);
  const settings = tenant.settings.registration;
  if (settings.mode === "off") throw new ResourceError("forbidden", "clients do not change their registration here any more");
  checkSecret(request.clientSecret, current);
  const own = current.registration.softwareStatement ?? "";
  const statement = await approvedStatement(request.softwareStatement, own, tenant, now, dependencies);
  const metadata = replacedMetadata(statedDraft(request.metadata, statement), current, settings);
  if (!staysInSector(metadata, current.metadata)) throw anotherSector();
  await checkSector(tenant.id, metadata, current.metadata, dependencies);
  const next: StoredClient = {
    ...withoutSecret(current),
    metadata,
    registration: { ...current.registration, ...statementOf(statement) },
    updatedAt: now,
    version: current.version + 1,
    ...lifeOf(current.registration, settings, now),
  };
  const kept = { rotateSecret: false, clientSecretExpiresAt: undefined };
  return (await withSecret(next, current, kept, dependencies)).secured;
}

function replacedMetadata(
  sent: ClientMetadataDraft,
  { metadata, registration }: SelfRegisteredClient,
  settings: RegistrationSettings,
): ClientMetadata {
  const permitted = permittedMetadata(sent, settings);
  return parseClientMetadata({ ...permitted, ...administeredDraft(metadata, registration.administered) });
}

function anotherSector(): OAuthError {
  return new OAuthError(
    "invalid_client_metadata",
    "the sector of a client with subject_type pairwise does not change by its redirect_uris: name a sector_identifier_uri, or register another client",
  );
}

/** RFC 7592 section 2.2: a secret that is sent must be the client's own; nobody chooses one. */
function checkSecret(sent: string | undefined, { secretHash }: StoredClient): void {
  if (sent === undefined || (secretHash !== undefined && isSecretOf(sent, secretHash))) return;
  throw new OAuthError("invalid_client_metadata", "client_secret must be the secret that the client has, or be left out");
}
