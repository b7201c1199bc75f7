import type { Brand } from "../brand.ts";

/** What a user signs in with, in the one form that all ways of writing it share: a username's, or an email address's. */
export type UserIdentifier = Brand<string, "UserIdentifier">;

const maximumUsernameLength = 128;
const maximumEmailLength = 254;
const maximumLocalPartLength = 64;

/**
 * Neither controls, spaces and what is not assigned, nor what nobody sees: zero-width and format characters, changes of direction, fillers,
 * variation selectors. Two identifiers that look the same must not differ in such a thing.
 */
const invisible = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** FULLWIDTH and SMALL COMMERCIAL AT: NFKC would make the sign of an email address of them, after the check for it. */
const atLookAlike = /[\uff20\ufe6b]/;

/** Letters and digits of any script with inner hyphens, in labels with dots between: RFC 5321 section 4.1.2, RFC 6531. */
const domainShape =
  /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)*$/u;
/** A local part without quotes (RFC 5321 section 4.1.2), of any script (RFC 6531): no brackets, commas, colons, semicolons and backslashes. */
const localPartShape = /^[^\s"(),:;<>@[\\\]]+$/u;

/** A username's identifier: at most 128 characters and no `@`, so that it is never an email address's. Undefined for what is no username. */
export function usernameIdentifier(username: string): UserIdentifier | undefined {
  const folded = fold(username, maximumUsernameLength);
  return folded === undefined || folded.includes("@") ? undefined : (folded as UserIdentifier);
}

/** An email address's identifier: at most 254 characters and exactly one `@`. Undefined for what is no address. */
export function emailIdentifier(email: string): UserIdentifier | undefined {
  const folded = fold(email, maximumEmailLength);
  if (folded === undefined) return undefined;
  const [localPart = "", domain = "", ...others] = folded.split("@");
  const isAddress =
    others.length === 0 &&
    localPart.length <= maximumLocalPartLength &&
    localPartShape.test(localPart) &&
    domainShape.test(domain);
  return isAddress ? (folded as UserIdentifier) : undefined;
}

/** The identifier of what somebody typed to sign in: an email address where it has an `@`, a username otherwise. */
export function enteredIdentifier(entered: string): UserIdentifier | undefined {
  return entered.includes("@") ? emailIdentifier(entered) : usernameIdentifier(entered);
}

/**
 * The form that compatible ways of writing and both cases share: NFKC, lower case, and NFKC again for what lower case took apart. The
 * standard's other way, full case folding, is not in ECMAScript.
 */
function fold(value: string, maximumLength: number): string | undefined {
  if (value === "" || value.length > maximumLength || invisible.test(value) || atLookAlike.test(value)) return undefined;
  const folded = value.normalize("NFKC").toLowerCase().normalize("NFKC");
  return folded === "" || folded.length > maximumLength || invisible.test(folded) ? undefined : folded;
}
