import type { registry } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import type { StoredTenant } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { findTenant } from "../tenants/find-tenant.ts";
import { parseRefusalId, toStored } from "./refusal-message.ts";

const maximumAtOnce = 64;

/**
 * Keeps refusals for those who administer the tenants. One that names no tenant that there is, or has no id of a request, is left out.
 * @throws ResourceError invalid for more than can be kept at once
 */
export async function recordRefusals(
  { refusals: sent }: registry.RecordRefusalsRequest,
  { stores, clock }: Pick<RegistryDependencies, "stores" | "clock">,
): Promise<registry.RecordRefusalsResponse> {
  if (sent.length > maximumAtOnce) throw new ResourceError("invalid", `at most ${maximumAtOnce} refusals are kept at once`);
  const now = clock();
  const tenants = new Map<string, Promise<StoredTenant | undefined>>();
  const tenantOf = (name: string) => {
    const known = tenants.get(name) ?? findTenant(name, stores);
    tenants.set(name, known);
    return known;
  };
  await Promise.all(
    sent.map(async (refusal) => {
      const id = parseRefusalId(refusal.id);
      const tenant = await tenantOf(refusal.tenant);
      if (id !== undefined && tenant !== undefined) await stores.refusals.record(toStored(refusal, id, tenant.id, now));
    }),
  );
  return {};
}
