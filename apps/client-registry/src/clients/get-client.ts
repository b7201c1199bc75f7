import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { toClientMessage } from "./client-message.ts";
import { openClientSecret } from "./client-secret.ts";
import { requireClient } from "./find-client.ts";
import { refuseHiddenSecrets, type SecretView } from "./secret-view.ts";

/**
 * The client. Whoever verifies clients gets the secret of one with `client_secret_jwt` as well: a MAC has no other key.
 * @throws ResourceError not_found; forbidden where the secret is asked for by one who may not see it
 */
export async function getClient(
  { tenant: name, clientId, revealSecret }: registry.GetClientRequest,
  { stores, sealer, clock }: Pick<RegistryDependencies, "stores" | "sealer" | "clock">,
  view: SecretView,
): Promise<registry.GetClientResponse> {
  refuseHiddenSecrets(revealSecret, view);
  const client = await requireClient(await requireTenant(name, stores), clientId, stores, clock());
  const keysAssertions = view.hashes && client.metadata.tokenEndpointAuthMethod === "client_secret_jwt";
  const secret = revealSecret || keysAssertions ? await openClientSecret(client, { sealer }) : "";
  return {
    client: toClientMessage(client, view, keysAssertions ? secret : ""),
    clientSecret: revealSecret ? secret : "",
  };
}
