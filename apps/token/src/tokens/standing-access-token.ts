import { type AccessToken, accessTokenRefused, type Client, type Instant, type Tenant } from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import type { GrantStore, StoredGrant } from "@signet/storage";
import { type VerificationDependencies, verifyAccessToken } from "./verify-access-token.ts";

export interface StandingAccessToken {
  readonly token: AccessToken;
  readonly client: Client;
  /** Undefined for a token that a client got for itself. */
  readonly grant: StoredGrant | undefined;
}

export interface StandingDependencies extends VerificationDependencies {
  readonly directory: Directory;
  readonly grants: GrantStore;
}

/**
 * An access token that is good, whose client exists, and that was revoked neither by itself nor with its grant. How the user is by now is another
 * question.
 * @throws OAuthError invalid_token
 */
export async function standingAccessToken(
  presented: string,
  tenant: Tenant,
  now: Instant,
  dependencies: StandingDependencies,
): Promise<StandingAccessToken> {
  const { directory, grants, accessTokens } = dependencies;
  const token = await verifyAccessToken(presented, tenant, now, dependencies);
  const client = await directory.client(tenant, token.clientId);
  if (client === undefined) throw accessTokenRefused("its client was deleted");
  if (token.grantId === undefined) {
    if (token.id !== undefined && (await accessTokens.isRevoked(tenant.id, token.id, now))) throw accessTokenRefused("revoked");
    return { token, client, grant: undefined };
  }
  const grant = await grants.find(tenant.id, token.grantId, now);
  if (grant === undefined) throw accessTokenRefused("its grant was revoked");
  if (grant.revokedTokens?.some(({ id }) => id === (token.id ?? token.hash))) throw accessTokenRefused("revoked");
  return { token, client, grant };
}
