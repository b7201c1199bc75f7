import { newSecret, parseNewPassword, type Tenant, usernameIdentifier } from "@signet/protocol";
import type { AuthStores } from "@signet/storage";
import type { AuthDependencies } from "./auth-dependencies.ts";
import { addUser } from "./users/create-user.ts";

const administratorName = "admin";

type Dependencies = Pick<AuthDependencies, "passwords" | "clock" | "random"> & {
  readonly stores: Pick<AuthStores, "users">;
};

export interface EnsuredAdministrator {
  readonly created: boolean;
  /** The random password of a user that was made without a configured one. It is kept nowhere: now is the time to show it. */
  readonly password?: string;
}

/**
 * Makes the user `admin` in the collection that may sign in at the tenant, unless there is one of that name. An existing one keeps their
 * password, whatever is configured.
 * @throws ResourceError invalid where the configured password is too short or too long
 */
export async function ensureAdministrator(
  dependencies: Dependencies,
  tenant: Tenant,
  configuredPassword?: string,
): Promise<EnsuredAdministrator> {
  const { collection } = tenant.settings;
  const identifier = usernameIdentifier(administratorName);
  if (identifier !== undefined && (await dependencies.stores.users.findByIdentifier(tenant.id, collection, identifier))) {
    return { created: false };
  }
  const password = configuredPassword ?? newSecret(dependencies.random).slice(0, 24);
  const administrator = {
    collection,
    username: administratorName,
    claims: { name: "Administrator" },
    roles: ["admin"],
    password: parseNewPassword(password),
  };
  if ((await addUser(tenant, administrator, dependencies)) === "identifier-taken") return { created: false };
  return configuredPassword === undefined ? { created: true, password } : { created: true };
}
