import type { auth, common } from "@signet/contracts";
import { parseUserId, ResourceError, type Tenant } from "@signet/protocol";
import type { PageRequest } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { toUserMessage } from "./user-message.ts";

const defaultLimit = 50;
const maximumLimit = 200;

/** The tenant's users of all collections, by id. @throws ResourceError invalid for a page that cannot be */
export async function listUsers(
  tenant: Tenant,
  { page }: auth.ListUsersRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.ListUsersResponse> {
  const { items, nextCursor } = await stores.users.list(tenant.id, pageRequest(page));
  return { users: items.map(toUserMessage), nextCursor: nextCursor === undefined ? "" : encoded(nextCursor) };
}

function pageRequest({ limit, cursor }: common.Page = { limit: 0, cursor: "" }): PageRequest {
  if (limit > maximumLimit) throw new ResourceError("invalid", `limit may be at most ${maximumLimit}`);
  const size = limit === 0 ? defaultLimit : limit;
  return cursor === "" ? { limit: size } : { limit: size, cursor: decoded(cursor) };
}

function encoded(cursor: string): string {
  return Buffer.from(cursor, "utf8").toString("base64url");
}

/** The list is by id, so the only cursors that were ever handed out are ids. */
function decoded(cursor: string): string {
  const id = parseUserId(Buffer.from(cursor, "base64url").toString("utf8"));
  if (id === undefined || encoded(id) !== cursor)
    throw new ResourceError("invalid", "the cursor is not one that a list ended with");
  return id;
}
