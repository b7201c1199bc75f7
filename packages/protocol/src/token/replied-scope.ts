import { formatScope } from "../scope/scope.ts";

/**
 * The `scope` of a token reply: what was granted, where that is not what was asked for; undefined where it is, and the reply has no such
 * member (RFC 6749 section 5.1). The order of the values does not matter.
 */
export function repliedScope(granted: readonly string[], requested: readonly string[] | undefined): string | undefined {
  const asked = new Set(requested);
  const same = granted.length === asked.size && granted.every((scope) => asked.has(scope));
  return same ? undefined : formatScope(granted);
}
