import type { UserId } from "../ids.ts";
import type { CustomScope } from "../scope/scope.ts";

/** OpenID Connect Core section 5.4. */
const claimsOfScope: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "profile",
    [
      "name",
      "family_name",
      "given_name",
      "middle_name",
      "nickname",
      "preferred_username",
      "profile",
      "picture",
      "website",
      "gender",
      "birthdate",
      "zoneinfo",
      "locale",
      "updated_at",
    ],
  ],
  ["email", ["email", "email_verified"]],
  ["address", ["address"]],
  ["phone", ["phone_number", "phone_number_verified"]],
]);

/** The members of the user's profile that userinfo carries for the granted scopes, each once: standard ones, and those of the client's custom scopes. */
export function userInfoClaimNames(granted: readonly string[], customScopes: readonly CustomScope[]): readonly string[] {
  const names = new Set<string>();
  for (const scope of granted) {
    for (const name of claimsOfScope.get(scope) ?? []) names.add(name);
    for (const name of customScopes.find((custom) => custom.name === scope)?.fields ?? []) names.add(name);
  }
  return [...names];
}

/** The userinfo reply, OpenID Connect Core section 5.3.2: `sub` first, and never any other than the user's id. */
export function userInfoReply(subject: UserId, claims: object): { readonly sub: UserId; readonly [claim: string]: unknown } {
  const reply = { sub: subject, ...claims };
  return { ...reply, sub: subject };
}
