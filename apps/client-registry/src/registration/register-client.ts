import type { registry } from "@signet/contracts";
import {
  hashSecret,
  type Instant,
  later,
  newSecret,
  parseClientMetadata,
  permittedMetadata,
  type RegistrationSettings,
  ResourceError,
} from "@signet/protocol";
import type { SelfRegisteredClient, StoredTenant } from "@signet/storage";
import { checkSector } from "../clients/check-sector.ts";
import { statedDraft, toClientMessage } from "../clients/client-message.ts";
import { newClient } from "../clients/create-client.ts";
import type { SecretView } from "../clients/secret-view.ts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { requireOpening } from "./opening.ts";
import { reclaimExpired } from "./reclaim-expired.ts";
import { approvedStatement, statementOf } from "./software-statement.ts";

/**
 * Registers a client that asks for it itself, RFC 7591 section 3. What is wrong with the request uses no initial access token up.
 * @throws ResourceError not_found, forbidden, unauthenticated; RateLimitedError where too much came from the address
 * @throws OAuthError invalid_token, invalid_redirect_uri, invalid_client_metadata, invalid_software_statement, unapproved_software_statement
 */
export async function registerClient(
  request: registry.RegisterClientRequest,
  dependencies: RegistryDependencies,
  view: SecretView,
): Promise<registry.RegisterClientResponse> {
  const { stores, clock, random, addresses } = dependencies;
  const tenant = await requireTenant(request.tenant, stores);
  const settings = tenant.settings.registration;
  const { initialAccessToken: shown, address } = request;
  const { isOpen, count } = await addresses.withToken({ token: shown, address }, () =>
    requireOpening(tenant, shown, dependencies, clock()),
  );
  if (isOpen) await addresses.registersOpenly(address);
  const statement = await approvedStatement(request.softwareStatement, "", tenant, clock(), dependencies);
  const metadata = parseClientMetadata(permittedMetadata(statedDraft(request.metadata, statement), settings));
  await checkSector(tenant.id, metadata, undefined, dependencies);
  const token = newSecret(random);
  const { client: bare, clientSecret } = await newClient(tenant.id, metadata, undefined, dependencies);
  const registration = {
    tokenHash: hashSecret(token),
    isOpen,
    administered: [],
    ...statementOf(statement),
  };
  const client = { ...bare, registration, ...lifeOf(registration, settings, bare.createdAt) };
  await count();
  await createWithinQuota(client, tenant, dependencies);
  await stores.changes.publish({ kind: "client", tenantId: tenant.id, clientId: client.id, deleted: false });
  return {
    client: toClientMessage(client, view),
    clientSecret,
    registrationAccessToken: token,
    softwareStatement: statement.softwareStatement ?? "",
  };
}

/** A client that nobody let in has an end, and every one of its replacements puts that off. */
export function lifeOf(
  { isOpen }: { readonly isOpen: boolean },
  { openClientLifetime }: RegistrationSettings,
  now: Instant,
): { readonly expiresAt?: Instant } {
  return isOpen ? { expiresAt: later(now, openClientLifetime) } : {};
}

async function createWithinQuota(
  client: SelfRegisteredClient,
  tenant: StoredTenant,
  dependencies: Pick<RegistryDependencies, "stores" | "clock">,
): Promise<void> {
  await reclaimExpired(tenant, dependencies);
  const { quota } = tenant.settings.registration;
  if ((await dependencies.stores.clients.createWithin(client, quota, client.createdAt)) === "quota-reached") {
    throw new ResourceError("forbidden", "there are as many clients that registered themselves as there may be here");
  }
}
