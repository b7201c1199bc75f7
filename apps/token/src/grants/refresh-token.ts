import { narrowedScopes, parseRefresh, refreshTokenRefused, stillOpenClaims } from "@signet/protocol";
import { isOfFamily } from "../refresh/is-of-family.ts";
import { rotate } from "../refresh/rotate.ts";
import { claimsOfGrantee } from "../users/grantee.ts";
import type { Grant } from "./grant.ts";

/**
 * Refreshes (RFC 6749 section 6, OpenID Connect Core section 12). The rotation, which elects the winner, comes last: whatever else is needed for the
 * reply may be unavailable for longer than the grace window, and a retry after that must not count as a reuse. What a grant says of its user and its
 * scopes never changes, so it does not matter that it was read before.
 */
export const refreshToken: Grant = {
  type: "refresh_token",
  async exchange({ tenant, client, parameters, confirmation, now, context }, dependencies) {
    const { presented, scopes: requested } = parseRefresh(parameters);
    const grant = await dependencies.grants.find(tenant.id, presented.grantId, now);
    if (!isOfFamily(grant, presented, client)) throw refreshTokenRefused("unknown, expired, revoked or another client's");
    const scopes = requested === undefined ? grant.scopes : narrowedScopes(requested, grant.scopes);

    const names = stillOpenClaims(grant.requestedClaims.idToken, client);
    const asking = claimsOfGrantee({ tenant, grant, names, context }, dependencies);
    const asked = { scopes, requestedScopes: scopes, nonce: undefined, confirmation };
    const issuance = { ...asked, tenant, client, grant, refreshToken: undefined, now };
    // Worth nothing until it is handed out; so only an ID token that has claims of the user waits for them.
    const issuing = Promise.resolve(names.length === 0 ? {} : asking).then((profile = {}) =>
      dependencies.issue({ ...issuance, profile }),
    );
    const [claims, issued] = await Promise.all([asking, issuing]);
    if (claims === undefined) throw refreshTokenRefused("the user was blocked, deleted or changed: the grant is revoked");

    return { ...issued, refreshToken: await rotate({ tenant, client, presented, now }, dependencies) };
  },
};
