import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { findUser } from "./find-user.ts";
import { toUserMessage } from "./user-message.ts";

/** @throws ResourceError not_found */
export async function getUser(
  tenant: Tenant,
  { id }: auth.GetUserRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.GetUserResponse> {
  return { user: toUserMessage(await findUser(tenant, id, stores)) };
}
