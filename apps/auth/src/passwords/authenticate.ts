import { enteredIdentifier, parseEnteredPassword, type Tenant } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";

/** What somebody typed to sign in. */
export interface EnteredCredentials {
  /** A username or an email address. */
  readonly username: string;
  readonly password: string;
}

/** Who it is, or which rule it fails at: for the tenant's administrator alone. */
export type Authentication = { readonly user: StoredUser } | { readonly user: undefined; readonly refusedBy: string };

/**
 * The user whose credentials these are. There is none where there is no such user, the password is another, or the user is blocked: which of
 * these it is can be told neither by the answer to whoever tries nor by the time that it takes.
 */
export async function authenticate(
  tenant: Tenant,
  { username, password: entered }: EnteredCredentials,
  { stores, passwords }: Pick<AuthDependencies, "stores" | "passwords">,
): Promise<Authentication> {
  const password = parseEnteredPassword(entered);
  if (password === undefined) return refusedBy("a password is not empty and at most 1,024 bytes long");
  const identifier = enteredIdentifier(username);
  const user = identifier && (await stores.users.findByIdentifier(tenant.id, tenant.settings.collection, identifier));
  const isRight =
    user?.passwordHash === undefined
      ? await passwords.verifyDummy(password)
      : await passwords.verify(password, user.passwordHash);
  if (user === undefined) return refusedBy("there is a user of that name or address in the collection that may sign in");
  if (user.passwordHash === undefined) return refusedBy("the user has a password");
  if (!isRight) return refusedBy("the password is the user's");
  return user.blocked ? refusedBy("the user is not blocked") : { user };
}

function refusedBy(rule: string): Authentication {
  return { user: undefined, refusedBy: rule };
}
