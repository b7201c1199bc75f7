import type { auth } from "@signet/contracts";
import type { StoredUser } from "@signet/storage";

/** A user as administrators see them; the password and the epoch stay here. */
export function toUserMessage(user: StoredUser): auth.User {
  return {
    id: user.id,
    collection: user.collection,
    username: user.username,
    email: user.email ?? "",
    emailVerified: user.emailVerified,
    claims: JSON.stringify(user.claims),
    roles: [...user.roles],
    attributes: JSON.stringify(user.attributes),
    blocked: user.blocked,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
  };
}

/** A user as their own pages greet them. */
export function toSignedInUser({ username, claims }: StoredUser): auth.SignedInUser {
  return { username, name: typeof claims.name === "string" ? claims.name : "" };
}
