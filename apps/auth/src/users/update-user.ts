import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import { untilReplaced } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { endSessionsOfUser } from "../sign-out/end-sessions.ts";
import { identifierTaken } from "./create-user.ts";
import { findUser, userNotFound } from "./find-user.ts";
import { noteChange } from "./note-change.ts";
import { changedUser, endsSessions, mayRaiseEpoch, parseUserChange } from "./user-change.ts";
import { toUserMessage } from "./user-message.ts";

/**
 * @throws ResourceError invalid, not_found, already_exists; unavailable where others change the same user all the time, or where a store is away
 */
export async function updateUser(
  tenant: Tenant,
  { id, user: patch }: auth.UpdateUserRequest,
  dependencies: Pick<AuthDependencies, "stores" | "passwords" | "clock" | "directory" | "signOutDelivery">,
): Promise<auth.UpdateUserResponse> {
  const { stores, passwords, clock } = dependencies;
  const change = parseUserChange(patch);
  // Once before the hash is computed: what is wrong with a change should cost nothing.
  const found = await findUser(tenant, id, stores);
  changedUser(found, change, undefined, clock());
  const passwordHash = change.password && (await passwords.hash(change.password));
  // Before the change as well as after it, so that one which breaks off in between leaves no session behind that a later one would not find.
  if (endsSessions(found, change)) await endSessionsOfUser(tenant, found.id, dependencies);
  const { before, after } = await untilReplaced(async () => {
    const before = await findUser(tenant, id, stores);
    const after = changedUser(before, change, passwordHash, clock());
    // With each attempt anew: codes are issued to the user as they were until the very moment of the change.
    if (mayRaiseEpoch(change)) await noteChange(tenant, before.id, dependencies);
    const outcome = await stores.users.replace(after);
    if (outcome === "identifier-taken") throw identifierTaken();
    if (outcome === "unknown") throw userNotFound();
    return outcome === "replaced" ? { before, after } : undefined;
  });
  if (endsSessions(before, change)) await endSessionsOfUser(tenant, after.id, dependencies);
  return { user: toUserMessage(after) };
}
