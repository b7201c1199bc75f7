import { hashSecret, type Instant, parseSecret, type Tenant } from "@signet/protocol";
import type { AuthStores, StoredSession, StoredUser } from "@signet/storage";

/** A browser's session and whose it is. */
export interface PresentSession {
  readonly session: StoredSession;
  readonly user: StoredUser;
}

/** The session of the cookie's value, whoever's it is; undefined where there is none, or no longer. */
export async function findSession(
  tenant: Tenant,
  cookie: string,
  now: Instant,
  { sessions }: Pick<AuthStores, "sessions">,
): Promise<StoredSession | undefined> {
  const value = parseSecret(cookie);
  return value && (await sessions.find(tenant.id, hashSecret(value), now));
}

/** Whether the user may be signed in at the tenant: neither deleted nor blocked, and a member of the collection that may sign in. */
export function maySignIn(tenant: Tenant, user: StoredUser | undefined): user is StoredUser {
  return user !== undefined && !user.blocked && user.collection === tenant.settings.collection;
}

/** The session of the cookie's value. One whose user may no longer sign in counts as none. */
export async function findPresentSession(
  tenant: Tenant,
  cookie: string,
  now: Instant,
  stores: Pick<AuthStores, "sessions" | "users">,
): Promise<PresentSession | undefined> {
  const session = await findSession(tenant, cookie, now, stores);
  const user = session && (await stores.users.find(tenant.id, session.userId));
  return session !== undefined && maySignIn(tenant, user) ? { session, user } : undefined;
}
