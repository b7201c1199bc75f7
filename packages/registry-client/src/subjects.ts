import { createSecretKey, type KeyObject } from "node:crypto";
import type { registry } from "@signet/contracts";
import {
  type Client,
  hasPairwiseSubjects,
  pairwiseSubject,
  type Subject,
  sectorOf,
  type Tenant,
  tenantNotFound,
  type UserId,
} from "@signet/protocol";
import { createLoadingCache } from "./loading-cache.ts";

/** What clients know users by, the same in every service. */
export interface Subjects {
  /**
   * At once for a client with public subjects. For one with pairwise subjects the tenant's secret has to be asked for the first time.
   * @throws ResourceError not_found where the tenant was deleted, unavailable
   */
  of(tenant: Tenant, client: Client, user: UserId): Subject | Promise<Subject>;
}

export interface SubjectsOptions {
  readonly registry: Pick<registry.ClientRegistryServiceClient, "getSubjectSecret">;
  /** How many tenants' secrets are held in memory. */
  readonly capacity?: number;
}

/** A tenant's secret never changes, and no other tenant has its id: what is held is right for ever. */
export function createSubjects({ registry, capacity = 16_000 }: SubjectsOptions): Subjects {
  const secrets = createLoadingCache<KeyObject>({ capacity, elapsed: () => 0 });

  async function load({ id, name }: Tenant): Promise<KeyObject> {
    const { tenantId, secret } = await registry.getSubjectSecret({ name });
    // The name may have passed to another tenant since.
    if (tenantId !== id) throw tenantNotFound();
    return createSecretKey(secret);
  }

  async function pairwise(tenant: Tenant, sector: string, user: UserId): Promise<Subject> {
    const secret = await secrets.get(tenant.id, Number.POSITIVE_INFINITY, () => load(tenant));
    if (secret === undefined) throw tenantNotFound();
    return pairwiseSubject(secret, sector, user);
  }

  return {
    of(tenant, { metadata }, user) {
      if (!hasPairwiseSubjects(metadata)) return user;
      const sector = sectorOf(metadata);
      if (sector === undefined) throw new Error("a client with pairwise subjects has a sector: its metadata were validated");
      return pairwise(tenant, sector, user);
    },
  };
}
