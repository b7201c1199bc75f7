import {
  type Client,
  type Instant,
  narrowedScopes,
  parseRefresh,
  type RefreshTokenParts,
  refreshTokenRefused,
  type Tenant,
} from "@signet/protocol";
import type { GrantStore } from "@signet/storage";
import { rotate } from "../refresh/rotate.ts";
import { claimsOfGrantee } from "../users/grantee.ts";
import type { Grant } from "./grant.ts";

/** Refreshes (RFC 6749 section 6, OpenID Connect Core section 12): rotates first, and asks afterwards whether the user may still be issued tokens. */
export const refreshToken: Grant = {
  type: "refresh_token",
  async exchange({ tenant, client, parameters, now, context }, dependencies) {
    const { presented, scopes: requested } = parseRefresh(parameters);
    if (requested !== undefined) await checkScopes({ tenant, client, presented, requested, now }, dependencies.grants);

    const { grant, refreshToken: next } = await rotate({ tenant, client, presented, now }, dependencies);
    const claims = await claimsOfGrantee({ tenant, grant, names: [], context }, dependencies);
    if (claims === undefined) throw refreshTokenRefused("the user was blocked, deleted or changed: the grant is revoked");

    const scopes = requested === undefined ? grant.scopes : narrowedScopes(requested, grant.scopes);
    return dependencies.issue({
      tenant,
      client,
      scopes,
      requestedScopes: scopes,
      grant,
      nonce: undefined,
      refreshToken: next,
      now,
    });
  },
};

interface ScopeCheck {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly presented: RefreshTokenParts;
  readonly requested: readonly string[];
  readonly now: Instant;
}

/** Before the rotation, so that a scope that was not granted costs the client an error and not its refresh token. What a grant's scopes are never changes. */
async function checkScopes({ tenant, client, presented, requested, now }: ScopeCheck, grants: GrantStore): Promise<void> {
  const grant = await grants.find(tenant.id, presented.grantId, now);
  if (grant?.clientId === client.id) narrowedScopes(requested, grant.scopes);
}
