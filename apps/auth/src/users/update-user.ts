import type { auth } from "@signet/contracts";
import { ResourceError, type Tenant } from "@signet/protocol";
import type { PasswordHash, StoredUser } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { identifierTaken } from "./create-user.ts";
import { findUser, userNotFound } from "./find-user.ts";
import { changedUser, endsSessions, parseUserChange, type UserChange } from "./user-change.ts";
import { toUserMessage } from "./user-message.ts";

const maximumAttempts = 5;

/** @throws ResourceError invalid, not_found, already_exists; unavailable where others change the same user all the time */
export async function updateUser(
  tenant: Tenant,
  { id, user: patch }: auth.UpdateUserRequest,
  dependencies: Pick<AuthDependencies, "stores" | "passwords" | "clock">,
): Promise<auth.UpdateUserResponse> {
  const { stores, passwords, clock } = dependencies;
  const change = parseUserChange(patch);
  changedUser(await findUser(tenant, id, stores), change, undefined, clock());
  const passwordHash = change.password && (await passwords.hash(change.password));
  const { before, after } = await replaceUser(tenant, id, change, passwordHash, dependencies);
  if (endsSessions(before, change)) await stores.sessions.endOfUser(tenant.id, after.id);
  return { user: toUserMessage(after) };
}

/** Changes the stored version, and looks again where another change came between. */
async function replaceUser(
  tenant: Tenant,
  id: string,
  change: UserChange,
  passwordHash: PasswordHash | undefined,
  { stores, clock }: Pick<AuthDependencies, "stores" | "clock">,
): Promise<{ readonly before: StoredUser; readonly after: StoredUser }> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const before = await findUser(tenant, id, stores);
    const after = changedUser(before, change, passwordHash, clock());
    const outcome = await stores.users.replace(after);
    if (outcome === "replaced") return { before, after };
    if (outcome === "identifier-taken") throw identifierTaken();
    if (outcome === "unknown") throw userNotFound();
  }
  throw new ResourceError("unavailable", "the user is being changed by others at the moment");
}
