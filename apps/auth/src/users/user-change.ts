import type { auth } from "@signet/contracts";
import {
  areSameRoles,
  emailIdentifier,
  type Instant,
  type JsonObject,
  type Password,
  parseCollection,
  parseNewPassword,
  parseRoles,
  parseUserAttributes,
  parseUserClaims,
  ResourceError,
  type UserIdentifier,
  usernameIdentifier,
} from "@signet/protocol";
import type { PasswordHash, StoredUser } from "@signet/storage";

/** A change of a user that may be made. What is left out stays as it is. */
export interface UserChange {
  readonly collection?: string;
  readonly username?: string;
  /** Null: none from now on. */
  readonly email?: string | null;
  readonly emailVerified?: boolean;
  readonly claims?: JsonObject;
  readonly roles?: readonly string[];
  readonly attributes?: JsonObject;
  readonly blocked?: boolean;
  readonly password?: Password;
}

/** @throws ResourceError invalid */
export function parseUserChange(patch: auth.UserPatch | undefined): UserChange {
  if (patch === undefined) return {};
  const { collection, username, email, emailVerified, claims, roles, attributes, blocked, password } = patch;
  return {
    ...(collection === undefined ? {} : { collection: parseCollection(collection) }),
    ...(username === undefined ? {} : { username }),
    ...(email === undefined ? {} : { email: email === "" ? null : email }),
    ...(emailVerified === undefined ? {} : { emailVerified }),
    ...(claims === undefined ? {} : { claims: parseUserClaims(claims) }),
    ...(roles === undefined ? {} : { roles: parseRoles(roles.names) }),
    ...(attributes === undefined ? {} : { attributes: parseUserAttributes(attributes) }),
    ...(blocked === undefined ? {} : { blocked }),
    ...(password === undefined ? {} : { password: parseNewPassword(password) }),
  };
}

/**
 * The user's next version. The epoch rises with a block, a new password, another collection and a change of roles: what was granted before is dead.
 * A new email address counts as not verified, unless the change says otherwise.
 * @throws ResourceError invalid
 */
export function changedUser(
  user: StoredUser,
  change: UserChange,
  passwordHash: PasswordHash | undefined,
  now: Instant,
): StoredUser {
  const { password: _password, email: _email, emailVerified: _verified, ...members } = change;
  const { email: emailBefore, ...rest } = user;
  const email = change.email === undefined ? emailBefore : (change.email ?? undefined);
  const username = change.username ?? user.username;
  return {
    ...rest,
    ...members,
    ...(email === undefined ? {} : { email }),
    emailVerified: verified(user, email, change),
    identifiers: identifiersOf(username, email),
    epoch: user.epoch + (raisesEpoch(user, change) ? 1 : 0),
    ...(passwordHash === undefined ? {} : { passwordHash }),
    updatedAt: now,
    version: user.version + 1,
  };
}

/** Whether the change ends what the user's browsers are signed in with. */
export function endsSessions(user: StoredUser, change: UserChange): boolean {
  return isBlock(user, change) || change.password !== undefined;
}

/**
 * Whether the change raises the epoch of some user. Also true of one that was made already: it may be the second attempt of somebody who got no answer
 * to the first.
 */
export function mayRaiseEpoch({ blocked, password, roles, collection }: UserChange): boolean {
  return blocked === true || password !== undefined || roles !== undefined || collection !== undefined;
}

function raisesEpoch(user: StoredUser, change: UserChange): boolean {
  if (!mayRaiseEpoch(change)) return false;
  const hasOtherRoles = change.roles !== undefined && !areSameRoles(user.roles, change.roles);
  // Another collection's members may sign in, or may not: as of the session, so of what it granted.
  const hasOtherCollection = change.collection !== undefined && change.collection !== user.collection;
  return endsSessions(user, change) || hasOtherRoles || hasOtherCollection;
}

function isBlock(user: StoredUser, change: UserChange): boolean {
  return change.blocked === true && !user.blocked;
}

function verified(user: StoredUser, email: string | undefined, change: UserChange): boolean {
  if (email === undefined && change.emailVerified === true)
    throw invalid("email_verified is true, but the user has no email address");
  return change.emailVerified ?? (email === user.email && user.emailVerified);
}

function identifiersOf(username: string, email: string | undefined): readonly UserIdentifier[] {
  const ofUsername = usernameIdentifier(username);
  if (ofUsername === undefined) {
    throw invalid("a username must have 1 to 128 visible characters, and neither spaces nor @, which email addresses have");
  }
  if (email === undefined) return [ofUsername];
  const ofEmail = emailIdentifier(email);
  if (ofEmail === undefined) throw invalid("email must be an email address of at most 254 characters");
  return [ofUsername, ofEmail];
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
