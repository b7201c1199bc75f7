import type { token } from "@signet/contracts";
import { formatCursor, parsePage, parseTenantId } from "@signet/protocol";
import type { TokenDependencies } from "../token-dependencies.ts";

/**
 * Wraps a page of the data keys of signing keys by the current key-encryption key, where they are not yet.
 * @throws ResourceError invalid for a page that cannot be
 */
export async function rewrapDataKeys(
  { page }: token.RewrapDataKeysRequest,
  { sealer }: Pick<TokenDependencies, "sealer">,
): Promise<token.RewrapDataKeysResponse> {
  const { nextCursor, ...counts } = await sealer.rewrap(parsePage(page, parseTenantId));
  return { ...counts, nextCursor: formatCursor(nextCursor) };
}
