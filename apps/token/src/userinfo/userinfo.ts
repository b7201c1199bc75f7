import { accessTokenRefused, type Instant, OAuthError, type Tenant, userInfoClaimNames, userInfoReply } from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import { type StandingDependencies, standingAccessToken } from "../tokens/standing-access-token.ts";
import { claimsOfGrantee, type GranteeDependencies } from "../users/grantee.ts";

export interface UserInfoRequest {
  readonly tenant: Tenant;
  readonly accessToken: string;
  readonly now: Instant;
  readonly context: CallContext;
}

export interface UserInfoDependencies extends StandingDependencies, GranteeDependencies {}

/**
 * The claims of the user whose access token is presented, as JSON (OpenID Connect Core section 5.3): those of the token's scopes, as long as the client
 * exists, the grant stands and the user is as it was when it was granted.
 * @throws OAuthError invalid_token, insufficient_scope (RFC 6750 section 3.1)
 */
export async function userInfo(
  { tenant, accessToken, now, context }: UserInfoRequest,
  dependencies: UserInfoDependencies,
): Promise<string> {
  const { token, client, grant } = await standingAccessToken(accessToken, tenant, now, dependencies);
  const { scopes } = token;
  if (grant === undefined)
    throw new OAuthError("insufficient_scope", "the access token is a client's own: there is no user behind it");
  if (!scopes.includes("openid")) throw new OAuthError("insufficient_scope", "the access token needs the scope openid");

  const names = userInfoClaimNames(scopes, client.metadata.customScopes, grant.customClaims);
  const claims = await claimsOfGrantee({ tenant, grant, names, context }, dependencies);
  if (claims === undefined) throw accessTokenRefused("the user was blocked, deleted or changed: the grant is revoked");
  return JSON.stringify(userInfoReply(grant.userId, claims));
}
