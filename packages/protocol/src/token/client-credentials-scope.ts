import type { Client } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import { standardScopes } from "../scope/scope.ts";

/** Scopes about a person: there is none behind a client's own token. */
const personal: ReadonlySet<string> = new Set(standardScopes);

const scopeRule = "each value of scope is one that the client is registered with, and none about a person";

/**
 * The scopes of a token that a client gets for itself (RFC 6749 section 4.4): those that it asks for out of its custom scopes and the
 * non-standard values that it is registered with; all of these where it asks for none (section 3.3).
 * @throws OAuthError invalid_scope
 */
export function clientCredentialsScopes(client: Client, requested: readonly string[] | undefined): readonly string[] {
  const { scope = [], customScopes } = client.metadata;
  const own = new Set([...customScopes.map(({ name }) => name), ...scope].filter((value) => !personal.has(value)));
  if (requested === undefined) return [...own];
  if (!requested.every((value) => own.has(value))) {
    throw new OAuthError(
      "invalid_scope",
      "scope has a value that the client is not registered with, or one about a person, such as openid",
      { cause: new Explanation({ rule: scopeRule, expected: [...own].join(" "), sent: requested.join(" ") }) },
    );
  }
  return requested;
}
