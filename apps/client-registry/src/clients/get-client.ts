import type { registry } from "@signet/contracts";
import type { Sealer } from "@signet/sealing";
import type { ClientStore, TenantStore } from "@signet/storage";
import { requireTenant } from "../tenants/find-tenant.ts";
import { openClientSecret } from "./client-secret.ts";
import { requireClient } from "./find-client.ts";
import { clientToProto } from "./translate.ts";

export interface GetClient {
  readonly tenants: TenantStore;
  readonly clients: ClientStore;
  readonly sealer: Sealer;
}

/** @throws ResourceError not_found */
export async function getClient(
  { tenant: name, clientId, revealSecret }: registry.GetClientRequest,
  { tenants, clients, sealer }: GetClient,
): Promise<registry.GetClientResponse> {
  const client = await requireClient(await requireTenant(name, tenants), clientId, clients);
  return { client: clientToProto(client), clientSecret: revealSecret ? await openClientSecret(client, sealer) : "" };
}
