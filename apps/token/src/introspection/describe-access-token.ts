import { activeAccessToken, type IntrospectionReply, issuerOf, mayIntrospect, OAuthError } from "@signet/protocol";
import { type StandingAccessToken, standingAccessToken } from "../tokens/standing-access-token.ts";
import { claimsOfGrantee } from "../users/grantee.ts";
import type { DescriptionDependencies, Inquiry } from "./inquiry.ts";

/** What an access token is worth; undefined where it is worth nothing, or is not the client's to ask about. */
export async function describeAccessToken(
  presented: string,
  { tenant, client, now, context }: Inquiry,
  dependencies: DescriptionDependencies,
): Promise<IntrospectionReply | undefined> {
  const standing = await standingAccessToken(presented, tenant, now, dependencies).catch(undefinedWhereRefused);
  if (standing === undefined || !mayIntrospect(client, standing.token.clientId)) return undefined;
  const { token, client: owner, grant } = standing;
  if (grant !== undefined && (await claimsOfGrantee({ tenant, grant, names: [], context }, dependencies)) === undefined)
    return undefined;
  return activeAccessToken({
    issuer: issuerOf(dependencies.publicUrl, tenant.name),
    clientId: token.clientId,
    subject: grant === undefined ? token.clientId : await dependencies.subjects.of(tenant, owner, grant.userId),
    scopes: token.scopes,
    issuedAt: token.issuedAt,
    expiresAt: token.expiresAt,
    authTime: grant?.authTime,
    tokenId: token.id,
    ...(token.certificateThumbprint === undefined ? {} : { certificateThumbprint: token.certificateThumbprint }),
  });
}

function undefinedWhereRefused(error: unknown): StandingAccessToken | undefined {
  if (error instanceof OAuthError && error.code === "invalid_token") return undefined;
  throw error;
}
