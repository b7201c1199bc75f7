import { enteredIdentifier, parseEnteredPassword, type Tenant } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";

/** What somebody typed to sign in. */
export interface EnteredCredentials {
  /** A username or an email address. */
  readonly username: string;
  readonly password: string;
}

/**
 * The user whose credentials these are. Undefined where there is no such user, the password is another, or the user is blocked: which of
 * these it is can be told neither by the answer nor by the time that it takes.
 */
export async function authenticate(
  tenant: Tenant,
  { username, password: entered }: EnteredCredentials,
  { stores, passwords }: Pick<AuthDependencies, "stores" | "passwords">,
): Promise<StoredUser | undefined> {
  const password = parseEnteredPassword(entered);
  if (password === undefined) return undefined;
  const identifier = enteredIdentifier(username);
  const user = identifier && (await stores.users.findByIdentifier(tenant.id, tenant.settings.collection, identifier));
  const isRight =
    user?.passwordHash === undefined
      ? await passwords.verifyDummy(password)
      : await passwords.verify(password, user.passwordHash);
  return isRight && user !== undefined && !user.blocked ? user : undefined;
}
