import {
  activeRefreshToken,
  hashSecret,
  type IntrospectionReply,
  isSameHash,
  issuerOf,
  type RefreshTokenParts,
} from "@signet/protocol";
import { isOfFamily } from "../refresh/is-of-family.ts";
import { claimsOfGrantee } from "../users/grantee.ts";
import type { DescriptionDependencies, Inquiry } from "./inquiry.ts";

/**
 * What a refresh token is worth to the client that it was issued to; undefined where it is worth nothing, has been used, or is another client's. Nobody
 * else may ask, also no resource server: one that is sent a stolen refresh token would take it for an access token.
 */
export async function describeRefreshToken(
  parts: RefreshTokenParts,
  { tenant, client, now, context }: Inquiry,
  dependencies: DescriptionDependencies,
): Promise<IntrospectionReply | undefined> {
  const grant = await dependencies.grants.find(tenant.id, parts.grantId, now);
  if (!isOfFamily(grant, parts, client)) return undefined;
  const { current, rotatedAt, expiresAt } = grant.refresh;
  if (!isSameHash(current, hashSecret(parts.token)) || expiresAt <= now) return undefined;
  if ((await claimsOfGrantee({ tenant, grant, names: [], context }, dependencies)) === undefined) return undefined;
  return activeRefreshToken({
    issuer: issuerOf(dependencies.publicUrl, tenant.name),
    clientId: grant.clientId,
    subject: await dependencies.subjects.of(tenant, client, grant.userId),
    scopes: grant.scopes,
    issuedAt: rotatedAt ?? grant.createdAt,
    expiresAt,
    authTime: grant.authTime,
  });
}
