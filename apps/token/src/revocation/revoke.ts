import type { token } from "@signet/contracts";
import {
  type AccessToken,
  type Client,
  hashSecret,
  type Instant,
  OAuthError,
  parsePresentedToken,
  type RefreshTokenParts,
  type Secret,
  type Tenant,
} from "@signet/protocol";
import type { GrantStore } from "@signet/storage";
import { type LimitedRequestDependencies, limitedRequest } from "../limits/limited-request.ts";
import { isOfFamily } from "../refresh/is-of-family.ts";
import { isSignedWith, parseJws } from "../signing/jws.ts";
import { type VerificationDependencies, verifyAccessToken } from "../tokens/verify-access-token.ts";

export interface RevocationDependencies extends VerificationDependencies, LimitedRequestDependencies {
  readonly grants: GrantStore;
}

/** Whose token is to end, and when. */
interface Revocation {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly now: Instant;
}

/**
 * Ends a token of the client, RFC 7009: a refresh token with all that rests on its grant, an access token by itself. What is unknown, has expired or is
 * another client's is left alone, and nobody is told (section 2.2).
 * @throws OAuthError invalid_request, invalid_client, unsupported_token_type
 */
export async function revoke(
  request: token.RevokeRequest,
  tenant: Tenant,
  dependencies: RevocationDependencies,
): Promise<token.RevokeResponse> {
  const { client, parameters, now } = await limitedRequest(request, tenant, dependencies);
  const presented = parsePresentedToken(parameters);
  const revocation = { tenant, client, now };
  switch (presented.kind) {
    case "refresh-token":
      await revokeGrant(presented.parts, revocation, dependencies);
      break;
    case "opaque":
      await revokeOpaque(presented.value, revocation, dependencies);
      break;
    case "other":
      await revokeJwt(presented.value, revocation, dependencies);
  }
  return {};
}

/** Any token of the family will do: whoever shows one that was used already wants its grant to end all the more. */
async function revokeGrant(parts: RefreshTokenParts, { tenant, client, now }: Revocation, { grants }: RevocationDependencies) {
  const grant = await grants.find(tenant.id, parts.grantId, now);
  if (isOfFamily(grant, parts, client)) await grants.revoke(tenant.id, grant.id, grant.expiresAt);
}

/** What was deleted may come back with a store that crashes: what rests on a grant is noted there as well, as a JWT is. */
async function revokeOpaque(
  secret: Secret,
  { tenant, client, now }: Revocation,
  { accessTokens, grants }: RevocationDependencies,
): Promise<void> {
  const hash = hashSecret(secret);
  const stored = await accessTokens.find(tenant.id, hash, now);
  if (stored?.clientId !== client.id) return;
  const { grantId, expiresAt } = stored;
  if (grantId !== undefined) await grants.revokeToken({ tenantId: tenant.id, grantId, token: { id: hash, expiresAt }, now });
  await accessTokens.end(tenant.id, hash);
}

async function revokeJwt(presented: string, revocation: Revocation, dependencies: RevocationDependencies): Promise<void> {
  const { tenant, client, now } = revocation;
  const { accessTokens, grants } = dependencies;
  const token = await verifyAccessToken(presented, tenant, now, dependencies).catch(undefinedWhereRefused);
  if (token === undefined) return checkTokenType(presented, tenant, dependencies);
  if (token.clientId !== client.id || token.id === undefined) return;
  const { id, expiresAt, grantId } = token;
  if (grantId === undefined) await accessTokens.noteRevoked(tenant.id, id, expiresAt);
  else await grants.revokeToken({ tenantId: tenant.id, grantId, token: { id, expiresAt }, now });
}

/** An ID token of the tenant: it says who signed in, opens nothing, and cannot be taken back (RFC 7009 section 2.2.1). */
async function checkTokenType(presented: string, tenant: Tenant, { keys }: Pick<RevocationDependencies, "keys">): Promise<void> {
  const jws = parseJws(presented);
  const key = jws && (await keys.verificationKey(tenant.id, jws.header, "JWT"));
  if (jws === undefined || key === undefined || !isSignedWith(jws, "JWT", key)) return;
  throw new OAuthError("unsupported_token_type", "an ID token cannot be revoked; revoke the access token or the refresh token");
}

function undefinedWhereRefused(error: unknown): AccessToken | undefined {
  if (error instanceof OAuthError && error.code === "invalid_token") return undefined;
  throw error;
}
