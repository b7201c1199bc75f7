import type { StoredTenant } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

/** At most so many at a time: each registration makes room for more than itself, so nothing else has to sweep them away. */
const reclaimedAtOnce = 50;

/** Deletes some of the tenant's clients that have expired, and tells of them. Nothing else depends on it: an expired client is not found in any case. */
export async function reclaimExpired(
  { id: tenantId }: Pick<StoredTenant, "id">,
  { stores, clock }: Pick<RegistryDependencies, "stores" | "clock">,
): Promise<void> {
  for (const clientId of await stores.clients.deleteExpired(tenantId, clock(), reclaimedAtOnce)) {
    await stores.changes.publish({ kind: "client", tenantId, clientId, deleted: true });
  }
}
