import type { token } from "@signet/contracts";
import {
  accessTokenRefused,
  checkConfirmation,
  type Instant,
  issuerOf,
  OAuthError,
  stillOpenClaims,
  type Tenant,
  userInfoClaimNames,
  userInfoJwtClaims,
  userInfoReply,
} from "@signet/protocol";
import type { Subjects } from "@signet/registry-client";
import type { CallContext } from "nice-grpc-common";
import { signJws } from "../signing/jws.ts";
import { type StandingDependencies, standingAccessToken } from "../tokens/standing-access-token.ts";
import { claimsOfGrantee, type GranteeDependencies } from "../users/grantee.ts";

export interface UserInfoRequest {
  readonly tenant: Tenant;
  readonly accessToken: string;
  /** What was shown in TLS, in DER; empty: none. */
  readonly certificate: Uint8Array;
  readonly now: Instant;
  readonly context: CallContext;
}

export interface UserInfoDependencies extends StandingDependencies, GranteeDependencies {
  readonly subjects: Subjects;
}

/**
 * The claims of the user whose access token is presented, as JSON or as a JWT (OpenID Connect Core section 5.3): those of the token's scopes, and those
 * that were asked for by name (section 5.5), as long as the client exists, the grant stands and the user is as it was when it was granted.
 * @throws OAuthError invalid_token, insufficient_scope (RFC 6750 section 3.1)
 */
export async function userInfo(
  { tenant, accessToken, certificate, now, context }: UserInfoRequest,
  dependencies: UserInfoDependencies,
): Promise<token.UserInfoResponse> {
  const { token: presented, client, grant } = await standingAccessToken(accessToken, tenant, now, dependencies);
  checkConfirmation(presented, certificate);
  const { scopes } = presented;
  if (grant === undefined)
    throw new OAuthError("insufficient_scope", "the access token is a client's own: there is no user behind it");
  if (!scopes.includes("openid")) throw new OAuthError("insufficient_scope", "the access token needs the scope openid");

  const ofScopes = userInfoClaimNames(scopes, client.metadata.customScopes, grant.customClaims);
  const names = [...ofScopes, ...stillOpenClaims(grant.requestedClaims.userinfo, client)];
  const claims = await claimsOfGrantee({ tenant, grant, names, context }, dependencies);
  if (claims === undefined) throw accessTokenRefused("the user was blocked, deleted or changed: the grant is revoked");
  const reply = userInfoReply(await dependencies.subjects.of(tenant, client, grant.userId), claims);
  const algorithm = client.metadata.userinfoSignedResponseAlg;
  if (algorithm === undefined) return { claims: JSON.stringify(reply), jwt: "" };
  const { keys, publicUrl } = dependencies;
  const jwtClaims = userInfoJwtClaims(reply, issuerOf(publicUrl, tenant.name), client.id);
  return { claims: "", jwt: await signJws("JWT", jwtClaims, await keys.signingKey(tenant.id, algorithm)) };
}
