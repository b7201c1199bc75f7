import type { ClientId } from "../ids.ts";
import type { CustomScope } from "../scope/scope.ts";
import type { Subject } from "../subject/pairwise-subject.ts";
import type { Issuer } from "../tenant/tenant.ts";

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

/** The members of the user's profile that the custom ones of the granted scopes stand for, each once: what the grant remembers of them. */
export function customClaimNames(granted: readonly string[], customScopes: readonly CustomScope[]): readonly string[] {
  return [...new Set(granted.flatMap((scope) => customScopes.find((custom) => custom.name === scope)?.fields ?? []))];
}

/** The members of a profile that scopes stand for, each once: standard ones, and those of custom scopes. */
export function claimNamesOfScopes(scopes: readonly string[], customScopes: readonly CustomScope[]): readonly string[] {
  return [...new Set([...standardClaimNames(scopes), ...customClaimNames(scopes, customScopes)])];
}

function standardClaimNames(scopes: readonly string[]): readonly string[] {
  return scopes.flatMap((scope) => claimsOfScope.get(scope) ?? []);
}

/**
 * The members of the user's profile that userinfo carries for the scopes of a token, each once: standard ones, and those of the client's custom scopes.
 * A custom scope that came to have more fields since brings only those of `grantedClaims`: nobody agreed to the others.
 */
export function userInfoClaimNames(
  scopes: readonly string[],
  customScopes: readonly CustomScope[],
  grantedClaims: readonly string[],
): readonly string[] {
  const standard = standardClaimNames(scopes);
  const custom = customClaimNames(scopes, customScopes).filter((name) => grantedClaims.includes(name));
  return [...new Set([...standard, ...custom])];
}

/** The userinfo reply, OpenID Connect Core section 5.3.2: `sub` first, and never any other than what the client knows the user by. */
export function userInfoReply(subject: Subject, claims: object): { readonly sub: Subject; readonly [claim: string]: unknown } {
  const reply = { sub: subject, ...claims };
  return { ...reply, sub: subject };
}

/** The userinfo reply as the claims of a JWT, OpenID Connect Core section 5.3.2: no claim of the user takes the place of `iss` and `aud`. */
export function userInfoJwtClaims(reply: object, issuer: Issuer, audience: ClientId): object {
  return { ...reply, iss: issuer, aud: audience };
}
