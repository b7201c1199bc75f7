import type { ClientMetadata } from "../client/client.ts";
import { sectorOf } from "../subject/pairwise-subject.ts";

/**
 * Whether the document of a sector identifier names all of a client's redirect URIs: an array of texts that has every one of them as it stands
 * (OpenID Connect Registration section 5, Core section 8.1).
 */
export function isSectorOf(document: unknown, redirectUris: readonly string[]): boolean {
  if (!Array.isArray(document) || !document.every((entry) => typeof entry === "string")) return false;
  const named = new Set<string>(document);
  return redirectUris.every((uri) => named.has(uri));
}

type Sectored = Pick<ClientMetadata, "subjectType" | "sectorIdentifierUri" | "redirectUris">;

/**
 * Whether a client that replaces its own registration stays in its sector, or has one that a sector identifier says it belongs to. Redirect URIs alone make no
 * sector for it: whoever holds tokens that an earlier redirect URI brought could name another's host there, and would be told what that one knows the users by.
 */
export function staysInSector(next: Sectored, current: Sectored): boolean {
  if (next.subjectType !== "pairwise" || next.sectorIdentifierUri !== undefined) return true;
  return current.subjectType === "pairwise" && sectorOf(next) === sectorOf(current);
}
