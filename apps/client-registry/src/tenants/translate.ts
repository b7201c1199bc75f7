import type { registry } from "@signet/contracts";
import type { BrandingPatch, TenantSettings, TenantSettingsPatch } from "@signet/protocol";
import type { StoredTenant } from "@signet/storage";
import { refreshTokensFromProto, refreshTokensToProto } from "../refresh-token-policy.ts";

export function tenantToProto(tenant: StoredTenant): registry.Tenant {
  return {
    id: tenant.id,
    name: tenant.name,
    settings: settingsToProto(tenant.settings),
    branding: { ...tenant.branding },
    createdAt: tenant.createdAt,
  };
}

function settingsToProto({ refreshTokens, ...settings }: TenantSettings): registry.TenantSettings {
  return { ...settings, refreshTokens: refreshTokensToProto(refreshTokens) };
}

/** What is asked for at a tenant's creation and at its change, each member still unchecked. */
export interface TenantPatch {
  readonly settings: TenantSettingsPatch;
  readonly branding: BrandingPatch;
  readonly registrationToken?: string;
}

export function patchFromProto(patch: registry.TenantPatch | undefined): TenantPatch {
  if (patch === undefined) return { settings: {}, branding: {} };
  const { refreshTokens, registrationToken, branding = {}, ...settings } = patch;
  return {
    settings:
      refreshTokens === undefined
        ? settings
        : { ...settings, refreshTokens: refreshTokensFromProto(refreshTokens, "offline_access") },
    branding,
    ...(registrationToken === undefined ? {} : { registrationToken }),
  };
}
