import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { toClientMessage } from "./client-message.ts";
import { openClientSecret } from "./client-secret.ts";
import { requireClient } from "./find-client.ts";

/** @throws ResourceError not_found */
export async function getClient(
  { tenant: name, clientId, revealSecret }: registry.GetClientRequest,
  { stores, sealer }: Pick<RegistryDependencies, "stores" | "sealer">,
): Promise<registry.GetClientResponse> {
  const client = await requireClient(await requireTenant(name, stores), clientId, stores);
  return { client: toClientMessage(client), clientSecret: revealSecret ? await openClientSecret(client, { sealer }) : "" };
}
