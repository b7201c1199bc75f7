import type { TenantId } from "@signet/protocol";
import type { Sealed } from "./sealed.ts";

/** The secret that a tenant's pairwise subjects are derived by. It never changes: with another one every user would be another person to clients. */
export interface SubjectSecretStore {
  /** The tenant's secret: `candidate` where there was none before. All concurrent calls get the same one. */
  establish(tenant: TenantId, candidate: Sealed): Promise<Sealed>;
  find(tenant: TenantId): Promise<Sealed | undefined>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
