import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { endSessionsOfUser } from "../sign-out/end-sessions.ts";
import { userIdOf, userNotFound } from "./find-user.ts";
import { noteChange } from "./note-change.ts";

/**
 * Deletes the user and with them what they allowed clients, then their sessions; these also where the user was gone before, so that an attempt
 * which broke off is completed by the next.
 * @throws ResourceError not_found; unavailable where a store is away
 */
export async function deleteUser(
  tenant: Tenant,
  { id }: auth.DeleteUserRequest,
  dependencies: Pick<AuthDependencies, "stores" | "clock" | "directory" | "signOutDelivery">,
): Promise<auth.DeleteUserResponse> {
  const { stores } = dependencies;
  const userId = userIdOf(id);
  await noteChange(tenant, userId, dependencies);
  const existed = await stores.users.delete(tenant.id, userId);
  await endSessionsOfUser(tenant, userId, dependencies);
  if (!existed) throw userNotFound();
  return {};
}
