import type { token } from "@signet/contracts";
import {
  type Clock,
  issuerOf,
  logoutTokenClaims,
  parseSessionPublicId,
  parseUserId,
  type Random,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { Directory, Subjects } from "@signet/registry-client";
import type { KeyRings } from "../keys/key-rings.ts";
import { signJws } from "../signing/jws.ts";

export interface LogoutTokenDependencies {
  readonly directory: Directory;
  readonly subjects: Subjects;
  readonly keys: KeyRings;
  readonly clock: Clock;
  readonly random: Random;
  readonly publicUrl: string;
}

const jtiBytes = 16;

/**
 * A logout token for the client, by the algorithm of its ID tokens (OpenID Connect Back-Channel Logout section 2.4).
 * @throws ResourceError not_found where there is no such client
 */
export async function signLogoutToken(
  tenant: Tenant,
  { clientId, userId, sid }: token.SignLogoutTokenRequest,
  { directory, subjects, keys, clock, random, publicUrl }: LogoutTokenDependencies,
): Promise<string> {
  const client = await directory.client(tenant, clientId);
  if (client === undefined) throw new ResourceError("not_found", "there is no such client");
  const [user, sessionPublicId] = [parseUserId(userId), parseSessionPublicId(sid)];
  if (user === undefined || sessionPublicId === undefined) throw new ResourceError("invalid", "user_id or sid is not an id");
  const claims = logoutTokenClaims({
    issuer: issuerOf(publicUrl, tenant.name),
    subject: await subjects.of(tenant, client, user),
    clientId: client.id,
    sessionPublicId,
    jti: Buffer.from(random(jtiBytes)).toString("base64url"),
    now: clock(),
  });
  return signJws("logout+jwt", claims, await keys.signingKey(tenant.id, client.metadata.idTokenSignedResponseAlg));
}
