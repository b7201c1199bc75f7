import { parseUserId, ResourceError, type Tenant, type UserId } from "@signet/protocol";
import type { AuthStores, StoredUser } from "@signet/storage";

/** @throws ResourceError not_found */
export async function findUser(tenant: Tenant, id: string, { users }: Pick<AuthStores, "users">): Promise<StoredUser> {
  const user = await users.find(tenant.id, userIdOf(id));
  if (user === undefined) throw userNotFound();
  return user;
}

/** @throws ResourceError not_found for what is no user's id */
export function userIdOf(id: string): UserId {
  const userId = parseUserId(id);
  if (userId === undefined) throw userNotFound();
  return userId;
}

/** The answer to an id that no user of the tenant has. */
export function userNotFound(): ResourceError {
  return new ResourceError("not_found", "there is no user of that id");
}
