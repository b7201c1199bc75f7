/**
 * Whether the document of a sector identifier names all of a client's redirect URIs: an array of texts that has every one of them as it stands
 * (OpenID Connect Registration section 5, Core section 8.1).
 */
export function isSectorOf(document: unknown, redirectUris: readonly string[]): boolean {
  if (!Array.isArray(document) || !document.every((entry) => typeof entry === "string")) return false;
  const named = new Set<string>(document);
  return redirectUris.every((uri) => named.has(uri));
}
