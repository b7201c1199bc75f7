import type { registry } from "@signet/contracts";
import { patchBranding, patchTenantSettings } from "@signet/protocol";
import { type StoredTenant, untilReplaced } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "./find-tenant.ts";
import { newRegistrationToken } from "./registration-token.ts";
import { patchOf, toTenantMessage } from "./tenant-message.ts";

/**
 * Changes what the patch names; the rest stays as it is, also where others change it at the same time.
 * @throws ResourceError not_found, invalid, unavailable
 */
export async function updateTenant(
  { name, patch }: registry.UpdateTenantRequest,
  { stores, sealer, random }: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
): Promise<registry.UpdateTenantResponse> {
  const { settings, branding, registrationToken } = patchOf(patch);
  const tenant = await untilReplaced(async () => {
    const current = await requireTenant(name, stores);
    const next: StoredTenant = {
      ...current,
      settings: patchTenantSettings(current.settings, settings),
      branding: patchBranding(current.branding, branding),
      ...(registrationToken === undefined
        ? {}
        : (await newRegistrationToken(current.id, registrationToken, { sealer, random })).stored),
      version: current.version + 1,
    };
    return (await stores.tenants.replace(next)) === "replaced" ? next : undefined;
  });
  await stores.changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: false });
  return { tenant: toTenantMessage(tenant) };
}
