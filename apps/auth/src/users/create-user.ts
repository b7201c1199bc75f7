import type { auth } from "@signet/contracts";
import { defaultTenantSettings, newUserId, ResourceError, type Tenant } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { changedUser, parseUserChange, type UserChange } from "./user-change.ts";
import { toUserMessage } from "./user-message.ts";

type Dependencies = Pick<AuthDependencies, "passwords" | "clock" | "random"> & {
  readonly stores: Pick<AuthDependencies["stores"], "users">;
};

/** @throws ResourceError invalid, already_exists */
export async function createUser(
  tenant: Tenant,
  { user: patch }: auth.CreateUserRequest,
  dependencies: Dependencies,
): Promise<auth.CreateUserResponse> {
  const user = await addUser(tenant, parseUserChange(patch), dependencies);
  if (user === "identifier-taken") throw identifierTaken();
  return { user: toUserMessage(user) };
}

/** Adds a user with the members that `change` gives them, and the defaults for the others. */
export async function addUser(
  tenant: Tenant,
  change: UserChange,
  { stores, passwords, clock, random }: Dependencies,
): Promise<StoredUser | "identifier-taken"> {
  const now = clock();
  const blank: StoredUser = {
    id: newUserId(random),
    tenantId: tenant.id,
    collection: defaultTenantSettings.collection,
    username: "",
    emailVerified: false,
    identifiers: [],
    claims: {},
    roles: [],
    attributes: {},
    blocked: false,
    epoch: 0,
    createdAt: now,
    updatedAt: now,
    version: 0,
  };
  // Once before the hash is computed: what is wrong with a user should cost nothing.
  changedUser(blank, change, undefined, now);
  const passwordHash = change.password && (await passwords.hash(change.password));
  const user = changedUser(blank, change, passwordHash, now);
  return (await stores.users.create(user)) === "created" ? user : "identifier-taken";
}

/** The answer to a username or an email address that is another user's. */
export function identifierTaken(): ResourceError {
  return new ResourceError(
    "already_exists",
    "another user of the collection has this username or email address, in this or another spelling",
  );
}
