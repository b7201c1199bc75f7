import type { registry } from "@signet/contracts";
import { hashSecret, isSecretOf, ResourceError } from "@signet/protocol";
import type { AdministrationStore, TenantStore } from "@signet/storage";
import { findTenant } from "./find-tenant.ts";
import { tenantToProto } from "./translate.ts";

export interface AuthenticateToken {
  readonly tenants: TenantStore;
  readonly administration: AdministrationStore;
}

/** Compared with where nothing is kept, so that the answer takes the same work. */
const standIn = hashSecret("");

/**
 * Whether the token opens the tenant's registration API, or, where no tenant is named, the administration API: each has its own. An unknown
 * tenant and a wrong token get the very same answer.
 * @throws ResourceError unauthenticated
 */
export async function authenticateToken(
  { token, tenant: name }: registry.AuthenticateTokenRequest,
  { tenants, administration }: AuthenticateToken,
): Promise<registry.AuthenticateTokenResponse> {
  const tenant = name === undefined ? undefined : await findTenant(name, tenants);
  const hash = name === undefined ? await administration.findTokenHash() : tenant?.registrationTokenHash;
  const isRight = isSecretOf(token, hash ?? standIn);
  if (hash === undefined || !isRight) throw new ResourceError("unauthenticated", "the token does not open this API");
  return tenant === undefined ? {} : { tenant: tenantToProto(tenant) };
}
