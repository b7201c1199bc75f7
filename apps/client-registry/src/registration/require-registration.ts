import { hashSecret, type Instant, isSecretOf, OAuthError } from "@signet/protocol";
import type { SelfRegisteredClient, StoredClient, StoredTenant } from "@signet/storage";
import { findClient } from "../clients/find-client.ts";
import type { RegistryDependencies } from "../registry-dependencies.ts";

export interface RegistrationAccess {
  readonly clientId: string;
  readonly registrationAccessToken: string;
  /** An IP address; empty where it is not known. */
  readonly address: string;
}

/** Compared with where nothing is kept, so that the answer takes the same work. */
const standIn = hashSecret("");

/**
 * The client whose registration access token was sent. Any other client, one that an administrator registered, and one that does not exist are one answer
 * (RFC 7592 section 2.1, T1, G3).
 * @throws OAuthError invalid_token; RateLimitedError in its place where the address has shown too many wrong ones
 */
export async function requireRegistration(
  tenant: StoredTenant,
  access: RegistrationAccess,
  { stores, addresses }: Pick<RegistryDependencies, "stores" | "addresses">,
  now: Instant,
): Promise<SelfRegisteredClient> {
  const shown = { token: access.registrationAccessToken, address: access.address };
  return await addresses.withToken(shown, () => openedRegistration(tenant, access, stores, now));
}

async function openedRegistration(
  tenant: StoredTenant,
  { clientId, registrationAccessToken }: RegistrationAccess,
  stores: RegistryDependencies["stores"],
  now: Instant,
): Promise<SelfRegisteredClient> {
  const client = await findClient(tenant, clientId, stores, now);
  const isRight = isSecretOf(registrationAccessToken, client?.registration?.tokenHash ?? standIn);
  if (client === undefined || !isSelfRegistered(client) || !isRight) {
    throw new OAuthError("invalid_token", "the registration access token does not open the registration of this client");
  }
  return client;
}

function isSelfRegistered(client: StoredClient): client is SelfRegisteredClient {
  return client.registration !== undefined;
}
