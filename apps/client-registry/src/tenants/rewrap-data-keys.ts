import type { registry } from "@signet/contracts";
import { formatCursor, parsePage, parseTenantId } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";

/**
 * Wraps a page of the data keys of client secrets and registration tokens by the current key-encryption key, where they are not yet.
 * @throws ResourceError invalid for a page that cannot be
 */
export async function rewrapDataKeys(
  { page }: registry.RewrapDataKeysRequest,
  { sealer }: Pick<RegistryDependencies, "sealer">,
): Promise<registry.RewrapDataKeysResponse> {
  const { nextCursor, ...counts } = await sealer.rewrap(parsePage(page, parseTenantId));
  return { ...counts, nextCursor: formatCursor(nextCursor) };
}
