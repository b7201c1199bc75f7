import { OAuthError } from "../errors.ts";

/**
 * The scopes that a refresh asks for, all of them granted before (RFC 6749 section 6).
 * @throws OAuthError invalid_scope
 */
export function narrowedScopes(requested: readonly string[], granted: readonly string[]): readonly string[] {
  if (!requested.every((scope) => granted.includes(scope)))
    throw new OAuthError("invalid_scope", "scope has a value that was not granted to begin with");
  return requested;
}
