import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { requireRegistration } from "./require-registration.ts";

/**
 * Deletes the client, RFC 7592 section 2.3, and with it its registration access token.
 * @throws ResourceError not_found
 * @throws OAuthError invalid_token
 */
export async function deleteRegistration(
  request: registry.DeleteRegistrationRequest,
  { stores, clock, addresses }: Pick<RegistryDependencies, "stores" | "clock" | "addresses">,
): Promise<registry.DeleteRegistrationResponse> {
  const tenant = await requireTenant(request.tenant, stores);
  const { id: clientId } = await requireRegistration(tenant, request, { stores, addresses }, clock());
  await stores.clients.delete(tenant.id, clientId);
  await stores.changes.publish({ kind: "client", tenantId: tenant.id, clientId, deleted: true });
  return {};
}
