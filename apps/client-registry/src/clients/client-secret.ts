import type { registry } from "@signet/contracts";
import {
  type ClientAuthenticationMethod,
  type ClientId,
  hashSecret,
  hasSecret,
  type Instant,
  newSecret,
  OAuthError,
  parseChangedSecretExpiry,
  type TenantId,
} from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

export interface NewClientSecret {
  readonly secret: string;
  readonly stored: {
    readonly secretHash: NonNullable<StoredClient["secretHash"]>;
    readonly secret: NonNullable<StoredClient["secret"]>;
  };
}

/**
 * 256 random bits, and the form in which the client keeps them: a hash to verify by, and a sealed text to show again. 512 for a client that takes them for the
 * key of a MAC, in 86 characters: a key may not be shorter than the hash, and HS512 is one of its algorithms (RFC 7518 section 3.2).
 */
export async function newClientSecret(
  tenant: TenantId,
  client: ClientId,
  method: ClientAuthenticationMethod,
  { sealer, random }: Pick<RegistryDependencies, "sealer" | "random">,
): Promise<NewClientSecret> {
  const secret = method === "client_secret_jwt" ? `${newSecret(random)}${newSecret(random)}` : newSecret(random);
  return {
    secret,
    stored: { secretHash: hashSecret(secret), secret: await sealer.seal(tenant, secret, sealingContext(client)) },
  };
}

/** The client's secret in the clear; empty for a client without one. */
export async function openClientSecret(client: StoredClient, { sealer }: Pick<RegistryDependencies, "sealer">): Promise<string> {
  return client.secret === undefined ? "" : await sealer.open(client.tenantId, client.secret, sealingContext(client.id));
}

/** The client as it is but for its secret. */
export function withoutSecret({
  secret: _secret,
  secretHash: _hash,
  secretExpiresAt: _end,
  ...rest
}: StoredClient): StoredClient {
  return rest;
}

/** `next` with the secret that it is to have: none, the one of `current`, or a new one. */
export async function withSecret(
  next: StoredClient,
  current: StoredClient,
  { rotateSecret, clientSecretExpiresAt }: Pick<registry.UpdateClientRequest, "rotateSecret" | "clientSecretExpiresAt">,
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
  // Its secret becomes a key, for which one that was made for another method is too short.
  const comesToSign = method === "client_secret_jwt" && current.metadata.tokenEndpointAuthMethod !== method;
  if (!rotateSecret && !comesToSign && current.secretHash !== undefined && current.secret !== undefined) {
    const expiry = clientSecretExpiresAt === undefined ? current.secretExpiresAt : sentExpiry;
    return { secured: { ...next, secretHash: current.secretHash, secret: current.secret, ...expiring(expiry) } };
  }
  const issued = await newClientSecret(next.tenantId, next.id, method, dependencies);
  return { secured: { ...next, ...issued.stored, ...expiring(sentExpiry) }, issued };
}

function expiring(secretExpiresAt: Instant | undefined): Pick<StoredClient, "secretExpiresAt"> {
  return secretExpiresAt === undefined ? {} : { secretExpiresAt };
}

function sealingContext(client: ClientId): string {
  return `client-secret:${client}`;
}
