import type { registry } from "@signet/contracts";
import { apiTokenRefused, hashSecret, isSecretOf } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { findTenant } from "./find-tenant.ts";
import { toTenantMessage } from "./tenant-message.ts";

/** Compared with where nothing is kept, so that the answer takes the same work. */
const standIn = hashSecret("");

/**
 * Whether the token opens the tenant's registration API, or, where no tenant is named, the administration API: each has its own. An unknown
 * tenant and a wrong token get the very same answer.
 * @throws ResourceError unauthenticated; RateLimitedError in its place where the address has shown too many wrong ones
 */
export async function authenticateToken(
  request: registry.AuthenticateTokenRequest,
  { stores, addresses }: Pick<RegistryDependencies, "stores" | "addresses">,
): Promise<registry.AuthenticateTokenResponse> {
  return await addresses.withToken(request, () => opened(request, stores));
}

async function opened(
  { token, tenant: name }: registry.AuthenticateTokenRequest,
  stores: RegistryDependencies["stores"],
): Promise<registry.AuthenticateTokenResponse> {
  const tenant = name === undefined ? undefined : await findTenant(name, stores);
  const hash = name === undefined ? await stores.administration.findTokenHash() : tenant?.registrationTokenHash;
  const isRight = isSecretOf(token, hash ?? standIn);
  if (hash === undefined || !isRight) throw apiTokenRefused();
  return tenant === undefined ? {} : { tenant: toTenantMessage(tenant) };
}
