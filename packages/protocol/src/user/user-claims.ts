import { ResourceError } from "../errors.ts";
import { epochSeconds, type Instant } from "../instant.ts";
import { isJsonObject, type Json, type JsonObject, parseJsonObject } from "../json/json.ts";

/** What is known of a user beside the id, the password and whether the user is blocked. */
export interface UserProfile {
  readonly username: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  /** Standard claims beside those above. */
  readonly claims: JsonObject;
  readonly roles: readonly string[];
  readonly attributes: JsonObject;
  readonly updatedAt: Instant;
}

const maximumTextLength = 1024;
const addressMembers = ["formatted", "street_address", "locality", "region", "postal_code", "country"];

/** A rule for a claim's value: undefined where it is kept, else what it must be. */
type ClaimRule = (value: Json) => string | undefined;

const text: ClaimRule = (value) =>
  typeof value === "string" && value !== "" && value.length <= maximumTextLength && value.isWellFormed()
    ? undefined
    : `a text of 1 to ${maximumTextLength} characters`;

const flag: ClaimRule = (value) => (typeof value === "boolean" ? undefined : "true or false");

/** Applications make links and images of it: `javascript:` and its like must not get there. */
const webAddress: ClaimRule = (value) =>
  typeof value === "string" && value.length <= maximumTextLength && /^https?:\/\//i.test(value) && URL.canParse(value)
    ? undefined
    : "an http or https address";

const date: ClaimRule = (value) =>
  typeof value === "string" && /^[0-9]{4}(?:-[0-9]{2}-[0-9]{2})?$/.test(value)
    ? undefined
    : "a date as YYYY-MM-DD, or a year as YYYY";

const address: ClaimRule = (value) =>
  isJsonObject(value) &&
  Object.entries(value).every(([member, part]) => addressMembers.includes(member) && text(part) === undefined)
    ? undefined
    : `an object with texts for members, out of: ${addressMembers.join(", ")}`;

/** The standard claims that stand in `claims`: OpenID Connect Core section 5.1. */
const rules: ReadonlyMap<string, ClaimRule> = new Map([
  ["name", text],
  ["given_name", text],
  ["family_name", text],
  ["middle_name", text],
  ["nickname", text],
  ["profile", webAddress],
  ["picture", webAddress],
  ["website", webAddress],
  ["gender", text],
  ["birthdate", date],
  ["zoneinfo", text],
  ["locale", text],
  ["phone_number", text],
  ["phone_number_verified", flag],
  ["address", address],
]);

/** Claims that come of other members of the profile. */
const derived: Readonly<Record<string, (user: UserProfile) => Json | undefined>> = {
  preferred_username: ({ username }) => username,
  email: ({ email }) => email,
  email_verified: ({ email, emailVerified }) => (email === undefined ? undefined : emailVerified),
  roles: ({ roles }) => roles,
  updated_at: ({ updatedAt }) => epochSeconds(updatedAt),
};

/** Whether `name` is taken by a standard claim or another member of the profile, so that no free attribute may have it. */
export function isProfileMember(name: string): boolean {
  return rules.has(name) || Object.hasOwn(derived, name);
}

/**
 * A user's standard claims, each of the JSON type that OpenID Connect Core section 5.1 gives it.
 * @throws ResourceError invalid
 */
export function parseUserClaims(json: string): JsonObject {
  const claims = parseJsonObject(json, "claims");
  for (const [name, value] of Object.entries(claims)) {
    const rule = rules.get(name);
    if (rule === undefined) throw new ResourceError("invalid", notStandard(name));
    const mustBe = rule(value);
    if (mustBe !== undefined) throw new ResourceError("invalid", `the claim ${name} must be ${mustBe}`);
  }
  return claims;
}

function notStandard(name: string): string {
  return Object.hasOwn(derived, name)
    ? "claims must not have what the user has a member of its own for: username, email, email_verified, roles"
    : `claims may have only standard ones (${[...rules.keys()].join(", ")}): others are attributes`;
}

/** Those of the members named that the user has, for userinfo and ID tokens. `sub` is none of them. */
export function claimsOf(user: UserProfile, names: readonly string[]): JsonObject {
  const claims: [string, Json][] = [];
  for (const name of new Set(names)) {
    const value = claimOf(user, name);
    if (value !== undefined) claims.push([name, value]);
  }
  return Object.fromEntries(claims);
}

function claimOf(user: UserProfile, name: string): Json | undefined {
  if (Object.hasOwn(derived, name)) return derived[name]?.(user);
  const source = rules.has(name) ? user.claims : user.attributes;
  return Object.hasOwn(source, name) ? source[name] : undefined;
}
