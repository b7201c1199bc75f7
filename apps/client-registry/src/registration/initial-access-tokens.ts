import type { registry } from "@signet/contracts";
import {
  formatCursor,
  formatInitialAccessToken,
  hashSecret,
  newInitialAccessTokenId,
  newSecret,
  parseInitialAccessTokenId,
  parseInitialAccessTokenTerms,
  parsePage,
  ResourceError,
} from "@signet/protocol";
import type { StoredInitialAccessToken } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";

/**
 * A new initial access token. Only its hash is kept.
 * @throws ResourceError not_found, invalid
 */
export async function createInitialAccessToken(
  { tenant: name, ...asked }: registry.CreateInitialAccessTokenRequest,
  { stores, clock, random }: Pick<RegistryDependencies, "stores" | "clock" | "random">,
): Promise<registry.CreateInitialAccessTokenResponse> {
  const { id: tenantId } = await requireTenant(name, stores);
  const now = clock();
  const terms = parseInitialAccessTokenTerms(asked, now);
  const id = newInitialAccessTokenId(random);
  const secret = newSecret(random);
  const stored: StoredInitialAccessToken = { ...terms, tenantId, id, hash: hashSecret(secret), createdAt: now, uses: 0 };
  await stores.initialAccessTokens.create(stored);
  return { initialAccessToken: toMessage(stored), token: formatInitialAccessToken({ id, secret }) };
}

/**
 * The tenant's initial access tokens that have not expired, by id.
 * @throws ResourceError not_found; invalid for a page that cannot be
 */
export async function listInitialAccessTokens(
  { tenant: name, page }: registry.ListInitialAccessTokensRequest,
  { stores, clock }: Pick<RegistryDependencies, "stores" | "clock">,
): Promise<registry.ListInitialAccessTokensResponse> {
  const sent = parsePage(page, parseInitialAccessTokenId);
  const { id } = await requireTenant(name, stores);
  const { items, nextCursor } = await stores.initialAccessTokens.list(id, sent, clock());
  return { initialAccessTokens: items.map(toMessage), nextCursor: formatCursor(nextCursor) };
}

/**
 * The token opens nothing any more. Clients that registered with it stay.
 * @throws ResourceError not_found
 */
export async function deleteInitialAccessToken(
  { tenant: name, id }: registry.DeleteInitialAccessTokenRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
): Promise<registry.DeleteInitialAccessTokenResponse> {
  const tenant = await requireTenant(name, stores);
  const parsed = parseInitialAccessTokenId(id);
  if (parsed === undefined || !(await stores.initialAccessTokens.delete(tenant.id, parsed))) {
    throw new ResourceError("not_found", "there is no initial access token of that id");
  }
  return {};
}

function toMessage({
  id,
  label,
  maximumUses,
  uses,
  createdAt,
  expiresAt,
}: StoredInitialAccessToken): registry.InitialAccessToken {
  return { id, label, maximumUses, uses, createdAt, expiresAt };
}
