import type { Client } from "../client/client.ts";
import type { Tenant } from "../tenant/tenant.ts";

/**
 * Whether a code exchange issues a refresh token: to a client that has the grant type, where the person granted `offline_access`
 * (OpenID Connect Core section 11) or the client's setting, or else the tenant's, is `always`.
 */
export function issuesRefreshToken(tenant: Tenant, client: Client, granted: readonly string[]): boolean {
  if (!client.metadata.grantTypes.includes("refresh_token")) return false;
  const policy = client.metadata.refreshTokens ?? tenant.settings.refreshTokens;
  return policy === "always" || granted.includes("offline_access");
}
