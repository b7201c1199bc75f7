import type { registry } from "@signet/contracts";
import type { BrandingPatch, TenantSettings, TenantSettingsPatch } from "@signet/protocol";
import type { StoredTenant } from "@signet/storage";
import { refreshTokensOf, toRefreshTokensMessage } from "../refresh-token-policy.ts";
import { registrationPatchOf, toRegistrationSettingsMessage } from "./registration-settings-message.ts";

/** A tenant as other services see it, without its registration token. */
export function toTenantMessage(tenant: StoredTenant): registry.Tenant {
  return {
    id: tenant.id,
    name: tenant.name,
    settings: toSettingsMessage(tenant.settings),
    branding: { ...tenant.branding },
    createdAt: tenant.createdAt,
  };
}

function toSettingsMessage({ refreshTokens, registration, ...settings }: TenantSettings): registry.TenantSettings {
  return {
    policyUri: "",
    tosUri: "",
    serviceDocumentation: "",
    ...settings,
    refreshTokens: toRefreshTokensMessage(refreshTokens),
    registration: toRegistrationSettingsMessage(registration),
  };
}

/** What is asked for at a tenant's creation and at its change, each member still unchecked. */
export interface TenantPatch {
  readonly settings: TenantSettingsPatch;
  readonly branding: BrandingPatch;
  readonly registrationToken?: string;
}

/** What a message asks for. */
export function patchOf(patch: registry.TenantPatch | undefined): TenantPatch {
  if (patch === undefined) return { settings: {}, branding: {} };
  const { refreshTokens, registrationToken, branding = {}, registration, registrationMembers, ...settings } = patch;
  return {
    settings: {
      ...settings,
      refreshTokens: refreshTokens === undefined ? undefined : refreshTokensOf(refreshTokens, "offline_access"),
      registration: registrationPatchOf(registration, registrationMembers),
    },
    branding,
    ...(registrationToken === undefined ? {} : { registrationToken }),
  };
}
