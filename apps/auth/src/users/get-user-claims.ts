import type { auth } from "@signet/contracts";
import { claimsOf, type Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { findUser } from "./find-user.ts";

/**
 * Whether the user may still be issued tokens, and those of the claims asked for that the user has.
 * @throws ResourceError not_found
 */
export async function getUserClaims(
  tenant: Tenant,
  { userId, claims }: auth.GetUserClaimsRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.GetUserClaimsResponse> {
  const user = await findUser(tenant, userId, stores);
  return { blocked: user.blocked, epoch: user.epoch, claims: JSON.stringify(claimsOf(user, claims)) };
}
