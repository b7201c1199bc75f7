import type { registry } from "@signet/contracts";
import { toClientMessage } from "../clients/client-message.ts";
import { openClientSecret } from "../clients/client-secret.ts";
import type { SecretView } from "../clients/secret-view.ts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { requireRegistration } from "./require-registration.ts";

/**
 * What is registered of the client, with its secret, RFC 7592 section 2.1.
 * @throws ResourceError not_found
 * @throws OAuthError invalid_token
 */
export async function getRegistration(
  request: registry.GetRegistrationRequest,
  { stores, sealer, clock, addresses }: Pick<RegistryDependencies, "stores" | "sealer" | "clock" | "addresses">,
  view: SecretView,
): Promise<registry.GetRegistrationResponse> {
  const tenant = await requireTenant(request.tenant, stores);
  const client = await requireRegistration(tenant, request, { stores, addresses }, clock());
  return {
    client: toClientMessage(client, view),
    clientSecret: await openClientSecret(client, { sealer }),
    softwareStatement: client.registration.softwareStatement ?? "",
  };
}
