import { createHash } from "node:crypto";
import type { CustomScope } from "./scope.ts";

/**
 * What a consent to `scopes` is kept as, in their order: a custom scope by its definition, so that the consent covers no other one; every other scope
 * by its name.
 */
export function consentKeys(scopes: readonly string[], customScopes: readonly CustomScope[]): readonly string[] {
  return scopes.map((scope) => consentKey(scope, customScopes));
}

/** Those of `scopes` that a consent kept as `keys` covers as they are defined now. */
export function consentedScopes(
  scopes: readonly string[],
  customScopes: readonly CustomScope[],
  keys: readonly string[],
): readonly string[] {
  return scopes.filter((scope) => keys.includes(consentKey(scope, customScopes)));
}

function consentKey(scope: string, customScopes: readonly CustomScope[]): string {
  const custom = customScopes.find(({ name }) => name === scope);
  if (custom === undefined) return scope;
  const definition = JSON.stringify([custom.name, custom.description, [...custom.fields].sort()]);
  // No scope has a space in it (RFC 6749 section 3.3): this is no other scope's name.
  return `${scope} ${createHash("sha256").update(definition).digest("base64url")}`;
}
