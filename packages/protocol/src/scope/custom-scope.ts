import { isDisplayText } from "../display/display-text.ts";
import { OAuthError } from "../errors.ts";
import { type CustomScope, isScopeToken, standardScopes } from "./scope.ts";

const maximumScopes = 32;
const maximumFields = 32;
const maximumDescriptionLength = 500;

const fieldShape = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/** What Signet itself says in tokens, userinfo and introspection replies: a member of a profile must not pass for it (RFC 7519, RFC 7662, RFC 9068, OpenID Connect Core section 2). */
const reservedClaims: ReadonlySet<string> = new Set([
  "iss",
  "sub",
  "aud",
  "exp",
  "iat",
  "nbf",
  "jti",
  "nonce",
  "auth_time",
  "acr",
  "amr",
  "azp",
  "at_hash",
  "c_hash",
  "s_hash",
  "sid",
  "client_id",
  "scope",
  "active",
  "typ",
  "token_type",
  "cnf",
  "act",
  "may_act",
  "events",
  "gid",
  "sub_jwk",
  "_claim_names",
  "_claim_sources",
  "id_token",
  "access_token",
  "refresh_token",
]);

/** Whether `name` is a claim that Signet itself makes, which no member of a profile may pass for. */
export function isReservedClaim(name: string): boolean {
  return reservedClaims.has(name);
}

/** Parts of names, without their separators, of what no application is to learn. */
const secretNames = ["password", "passwd", "secret", "credential", "privatekey"];

const isStandardScope = (name: string) => standardScopes.some((standard) => standard === name);

/**
 * The custom scopes of a client, each name once.
 * @throws OAuthError invalid_client_metadata
 */
export function parseCustomScopes(drafts: readonly CustomScope[]): readonly CustomScope[] {
  if (drafts.length > maximumScopes) throw refused(`scopes may have at most ${maximumScopes} entries`);
  if (new Set(drafts.map(({ name }) => name)).size !== drafts.length) throw refused("scopes must have each name only once");
  return drafts.map(parseCustomScope);
}

function parseCustomScope({ name, description, fields }: CustomScope): CustomScope {
  if (!isScopeToken(name)) {
    throw refused(
      "the name of a custom scope must be 1 to 128 printable ASCII characters without spaces, quotes and backslashes",
    );
  }
  if (isStandardScope(name))
    throw refused(`a custom scope must not have the name of a standard one (${standardScopes.join(", ")})`);
  if (!isDisplayText(description, maximumDescriptionLength)) {
    throw refused(`the description of a custom scope must be one line of at most ${maximumDescriptionLength} characters`);
  }
  if (fields.length > maximumFields) throw refused(`a custom scope may have at most ${maximumFields} fields`);
  for (const field of fields) checkField(field);
  return { name, description, fields: [...new Set(fields)] };
}

function checkField(field: string): void {
  if (!fieldShape.test(field) || field in Object.prototype) {
    throw refused(
      "a field must be the name of a member of the profile: a letter or _, then letters, digits, _, . and -, at most 64 in all",
    );
  }
  if (isReservedClaim(field)) throw refused("a field must not be a claim that the provider itself makes, such as sub or scope");
  const plain = field.toLowerCase().replace(/[_.-]/g, "");
  if (secretNames.some((name) => plain.includes(name))) throw refused("a field must not name a password or another secret");
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_client_metadata", description);
}
