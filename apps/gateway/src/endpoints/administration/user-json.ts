import type { auth } from "@signet/contracts";
import { flag, freeObject, listOf, objectOf, parseBody, text } from "../../http/json-members.ts";

const userJson = objectOf({
  collection: text.exactOptional(),
  username: text.exactOptional(),
  email: text.exactOptional(),
  email_verified: flag.exactOptional(),
  claims: freeObject.exactOptional(),
  roles: listOf(text).exactOptional(),
  attributes: freeObject.exactOptional(),
  blocked: flag.exactOptional(),
  password: text.exactOptional(),
});

/**
 * A user to be made, or what of a user is to change: the members that were sent.
 * @throws ResourceError invalid
 */
export function userFromJson(body: unknown): auth.UserPatch {
  const sent = parseBody(userJson, body);
  return {
    collection: sent.collection,
    username: sent.username,
    email: sent.email,
    emailVerified: sent.email_verified,
    claims: sent.claims === undefined ? undefined : JSON.stringify(sent.claims),
    roles: sent.roles === undefined ? undefined : { names: sent.roles },
    attributes: sent.attributes === undefined ? undefined : JSON.stringify(sent.attributes),
    blocked: sent.blocked,
    password: sent.password,
  };
}

/** A user as replies show it: without the password, and with an empty text for no email address. */
export function userToJson(user: auth.User | undefined): object {
  if (user === undefined) throw new Error("the auth service answered without the user");
  return {
    id: user.id,
    collection: user.collection,
    username: user.username,
    email: user.email,
    email_verified: user.emailVerified,
    claims: parsed(user.claims),
    roles: user.roles,
    attributes: parsed(user.attributes),
    blocked: user.blocked,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

function parsed(objectText: string): unknown {
  return objectText === "" ? {} : JSON.parse(objectText);
}
