import type { registry } from "@signet/contracts";
import { patchBranding, patchTenantSettings, type Random } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { ChangeFeed, StoredTenant, TenantStore } from "@signet/storage";
import { untilReplaced } from "../until-replaced.ts";
import { requireTenant } from "./find-tenant.ts";
import { newRegistrationToken } from "./registration-token.ts";
import { patchFromProto, tenantToProto } from "./translate.ts";

export interface UpdateTenant {
  readonly tenants: TenantStore;
  readonly changes: ChangeFeed;
  readonly sealer: Sealer;
  readonly random: Random;
}

/**
 * Changes what the patch names; the rest stays as it is, also where others change it at the same time.
 * @throws ResourceError not_found, invalid, unavailable
 */
export async function updateTenant(
  { name, patch }: registry.UpdateTenantRequest,
  { tenants, changes, sealer, random }: UpdateTenant,
): Promise<registry.UpdateTenantResponse> {
  const { settings, branding, registrationToken } = patchFromProto(patch);
  const tenant = await untilReplaced(async () => {
    const current = await requireTenant(name, tenants);
    const next: StoredTenant = {
      ...current,
      settings: patchTenantSettings(current.settings, settings),
      branding: patchBranding(current.branding, branding),
      ...(registrationToken === undefined
        ? {}
        : (await newRegistrationToken(current.id, registrationToken, { sealer, random })).stored),
      version: current.version + 1,
    };
    return (await tenants.replace(next)) === "replaced" ? next : undefined;
  });
  await changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: false });
  return { tenant: tenantToProto(tenant) };
}
