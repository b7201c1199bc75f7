import type { registry } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "../tenants/find-tenant.ts";
import { parseRefusalId, toRefusalMessage } from "./refusal-message.ts";

/**
 * One refusal of the tenant's. Another tenant's is as unknown as one that there never was.
 * @throws ResourceError not_found
 */
export async function getRefusal(
  { tenant: name, id: sent }: registry.GetRefusalRequest,
  { stores, clock }: Pick<RegistryDependencies, "stores" | "clock">,
): Promise<registry.GetRefusalResponse> {
  const tenant = await requireTenant(name, stores);
  const id = parseRefusalId(sent);
  const refusal = id && (await stores.refusals.find(tenant.id, id, clock()));
  if (!refusal) throw new ResourceError("not_found", "there is no error of that id, or it is not kept any more");
  return { refusal: toRefusalMessage(refusal, tenant.name) };
}
