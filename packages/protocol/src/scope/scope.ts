import { OAuthError } from "../errors.ts";

/** A custom scope of a client: when granted, userinfo carries these members of the user's profile. */
export interface CustomScope {
  readonly name: string;
  /** What the consent page shows. */
  readonly description: string;
  readonly fields: readonly string[];
}

/** OpenID Connect Core sections 5.4 and 11. */
export const standardScopes = ["openid", "profile", "email", "address", "phone", "offline_access"] as const;

/** scope-token of RFC 6749 section 3.3. */
const scopeTokenShape = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const maximumScopes = 64;
const maximumLength = 4096;

/** Whether `value` can be one value of a scope. */
export function isScopeToken(value: string): boolean {
  return scopeTokenShape.test(value);
}

/**
 * The scope values in the order given, each once (RFC 6749 section 3.3).
 * @throws OAuthError invalid_scope
 */
export function parseScope(value: string): readonly string[] {
  if (value.length > maximumLength) throw new OAuthError("invalid_scope", `scope may have at most ${maximumLength} characters`);
  const tokens = [...new Set(value.split(" ").filter((token) => token !== ""))];
  if (tokens.length === 0) throw new OAuthError("invalid_scope", "scope is empty");
  if (tokens.length > maximumScopes) throw new OAuthError("invalid_scope", `scope may have at most ${maximumScopes} values`);
  if (!tokens.every(isScopeToken))
    throw new OAuthError("invalid_scope", "scope has a value with a character that is not allowed");
  return tokens;
}

/** The reverse of `parseScope`, RFC 6749 section 3.3. */
export function formatScope(scopes: readonly string[]): string {
  return scopes.join(" ");
}
