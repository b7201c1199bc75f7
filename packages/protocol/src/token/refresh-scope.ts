import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";

/**
 * The scopes that a refresh asks for, all of them granted before (RFC 6749 section 6).
 * @throws OAuthError invalid_scope
 */
export function narrowedScopes(requested: readonly string[], granted: readonly string[]): readonly string[] {
  if (!requested.every((scope) => granted.includes(scope)))
    throw new OAuthError("invalid_scope", "scope has a value that was not granted to begin with", {
      cause: new Explanation({
        rule: "each value of scope was granted before (RFC 6749 section 6)",
        expected: granted.join(" "),
        sent: requested.join(" "),
      }),
    });
  return requested;
}
