import type { auth } from "@signet/contracts";
import { claimsOf, type Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { maySignIn } from "../sessions/present-session.ts";
import { findUser } from "./find-user.ts";

/**
 * Whether the user may still be issued tokens (one who may not sign in at the tenant is told of as blocked), and those of the claims asked for that the user has.
 * @throws ResourceError not_found
 */
export async function getUserClaims(
  tenant: Tenant,
  { userId, claims }: auth.GetUserClaimsRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.GetUserClaimsResponse> {
  const user = await findUser(tenant, userId, stores);
  return { blocked: !maySignIn(tenant, user), epoch: user.epoch, claims: JSON.stringify(claimsOf(user, claims)) };
}
