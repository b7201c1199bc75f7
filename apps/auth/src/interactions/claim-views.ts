import type { auth } from "@signet/contracts";

/** What the standard claims mean to whoever is asked: OpenID Connect Core section 5.1. */
const standardDescriptions: ReadonlyMap<string, string> = new Map([
  ["name", "See your name"],
  ["given_name", "See your given name"],
  ["family_name", "See your family name"],
  ["middle_name", "See your middle name"],
  ["nickname", "See your nickname"],
  ["preferred_username", "See your username"],
  ["profile", "See the address of your profile page"],
  ["picture", "See your picture"],
  ["website", "See the address of your website"],
  ["gender", "See your gender"],
  ["birthdate", "See your birth date"],
  ["zoneinfo", "See your time zone"],
  ["locale", "See your language"],
  ["updated_at", "See when your profile was last changed"],
  ["email", "See your email address"],
  ["email_verified", "See whether your email address has been verified"],
  ["address", "See your postal address"],
  ["phone_number", "See your phone number"],
  ["phone_number_verified", "See whether your phone number has been verified"],
  ["roles", "See your roles"],
]);

/** Claims in words. A free attribute of the user has no other words than its name. */
export function claimViews(names: readonly string[]): auth.ClaimView[] {
  return names.map((name) => ({ name, description: standardDescriptions.get(name) ?? `See “${name}” in your profile` }));
}
