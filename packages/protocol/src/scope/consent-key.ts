import { createHash } from "node:crypto";
import type { CustomScope } from "./scope.ts";

/** What a user is asked to agree to. */
export interface ConsentSubject {
  readonly scopes: readonly string[];
  readonly customScopes: readonly CustomScope[];
  /** Members of the profile beside those that the scopes stand for. */
  readonly claims: readonly string[];
}

/**
 * What a consent is kept as, in the order of the request: a custom scope by its definition, so that the consent covers no other one; every other scope
 * by its name; a claim by its name behind a space.
 */
export function consentKeys({ scopes, customScopes, claims }: ConsentSubject): readonly string[] {
  // No scope has a space in it (RFC 6749 section 3.3): a claim is no scope's name, nor a custom scope's, which has a name before its space.
  return [...scopes.map((scope) => consentKey(scope, customScopes)), ...claims.map((claim) => ` ${claim}`)];
}

/** Whether a consent kept as `allowed` covers all of the subject, as it is defined now. */
export function isConsented(subject: ConsentSubject, allowed: readonly string[]): boolean {
  return consentKeys(subject).every((key) => allowed.includes(key));
}

function consentKey(scope: string, customScopes: readonly CustomScope[]): string {
  const custom = customScopes.find(({ name }) => name === scope);
  if (custom === undefined) return scope;
  const definition = JSON.stringify([custom.name, custom.description, [...custom.fields].sort()]);
  return `${scope} ${createHash("sha256").update(definition).digest("base64url")}`;
}
