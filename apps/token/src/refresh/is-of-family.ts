import { type Client, isSameHash, type RefreshTokenParts } from "@signet/protocol";
import type { RefreshTokenFamily, StoredGrant } from "@signet/storage";

/** Whether the token is one of those of this client that descended from this grant, whichever of them: which one it is, only the rotation can say. */
export function isOfFamily(
  grant: StoredGrant | undefined,
  { familyHash }: RefreshTokenParts,
  { id }: Client,
): grant is StoredGrant & { readonly refresh: RefreshTokenFamily } {
  return grant?.clientId === id && grant.refresh !== undefined && isSameHash(grant.refresh.family, familyHash);
}
