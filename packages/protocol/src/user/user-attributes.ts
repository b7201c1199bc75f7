import { ResourceError } from "../errors.ts";
import { type JsonObject, parseJsonObject } from "../json/json.ts";
import { isReservedClaim } from "../scope/custom-scope.ts";
import { isProfileMember } from "./user-claims.ts";

const maximumAttributes = 64;
const nameShape = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

const maximumRoles = 64;
const maximumRoleLength = 128;
const roleShape = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

/**
 * A user's free attributes: at most 64, of any JSON value, 16 KiB in all. None may be called like a standard claim or like what the
 * provider itself says in tokens.
 * @throws ResourceError invalid
 */
export function parseUserAttributes(json: string): JsonObject {
  const attributes = parseJsonObject(json, "attributes");
  const names = Object.keys(attributes);
  if (names.length > maximumAttributes) throw refused(`a user may have at most ${maximumAttributes} attributes`);
  for (const name of names) {
    if (!nameShape.test(name)) {
      throw refused("the name of an attribute must be a letter or _, then letters, digits, _, . and -, at most 64 in all");
    }
    if (isProfileMember(name))
      throw refused(`no attribute may be called ${name}: it is a member of the profile or a standard claim`);
    if (isReservedClaim(name))
      throw refused(`no attribute may be called ${name}: the provider itself makes a claim of that name`);
  }
  return attributes;
}

/**
 * A user's roles, each once, in the order given.
 * @throws ResourceError invalid
 */
export function parseRoles(names: readonly string[]): readonly string[] {
  if (names.length > maximumRoles) throw refused(`a user may have at most ${maximumRoles} roles`);
  if (!names.every((name) => name.length <= maximumRoleLength && roleShape.test(name))) {
    throw refused(`a role must have 1 to ${maximumRoleLength} characters and no control characters`);
  }
  return [...new Set(names)];
}

/** Whether both are the same roles, in whatever order. */
export function areSameRoles(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}

function refused(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
