import type { auth } from "@signet/contracts";
import { formatCursor, parsePage, parseUserId, type Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { toUserMessage } from "./user-message.ts";

/**
 * The tenant's users of all collections, by id.
 * @throws ResourceError invalid for a page that cannot be
 */
export async function listUsers(
  tenant: Tenant,
  { page }: auth.ListUsersRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.ListUsersResponse> {
  const { items, nextCursor } = await stores.users.list(tenant.id, parsePage(page, parseUserId));
  return { users: items.map(toUserMessage), nextCursor: formatCursor(nextCursor) };
}
