import {
  hashSecret,
  type Instant,
  later,
  newSecret,
  newSessionPublicId,
  type Random,
  type Secret,
  type Tenant,
} from "@signet/protocol";
import type { StoredSession, StoredUser } from "@signet/storage";

export interface NewSession {
  readonly session: StoredSession;
  /** The cookie's value, which is not stored. */
  readonly value: Secret;
}

/**
 * The session of a sign-in by password: always with a new value, so that one which was planted in the browser before is worth nothing
 * (session fixation). The public id stays where the same user signs in again in the same browser: it is still the same session to the
 * applications that know its `sid`, and to the other tabs.
 */
export function newSession(
  tenant: Tenant,
  user: StoredUser,
  replaced: StoredSession | undefined,
  now: Instant,
  random: Random,
): NewSession {
  const value = newSecret(random);
  const session: StoredSession = {
    hash: hashSecret(value),
    publicId: replaced?.userId === user.id ? replaced.publicId : newSessionPublicId(random),
    tenantId: tenant.id,
    userId: user.id,
    authTime: now,
    amr: ["pwd"],
    expiresAt: later(now, tenant.settings.sessionTimeout),
  };
  return { session, value };
}
