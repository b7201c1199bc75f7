import { defaultTenantName, hashSecret, type Instant, newSecret, type Random } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { RegistryStores } from "@signet/storage";
import { establishTenant } from "./tenants/create-tenant.ts";
import { requireTenant } from "./tenants/find-tenant.ts";
import { openRegistrationToken } from "./tenants/registration-token.ts";

export interface EnsureDefaultTenant {
  readonly stores: RegistryStores;
  readonly sealer: Sealer;
  readonly random: Random;
}

/** Makes the tenant `default` where there is none yet, and tells its registration token. */
export async function ensureDefaultTenant(
  { stores, sealer, random }: EnsureDefaultTenant,
  now: Instant,
): Promise<{ readonly created: boolean; readonly registrationToken: string }> {
  const { tenants, registryDataKeys, changes } = stores;
  const patch = { settings: {}, branding: {} };
  const established = await establishTenant(
    defaultTenantName,
    patch,
    { tenants, registryDataKeys, changes, sealer, random },
    now,
  );
  if (established !== undefined) return { created: true, registrationToken: established.registrationToken };
  return {
    created: false,
    registrationToken: await openRegistrationToken(await requireTenant(defaultTenantName, tenants), sealer),
  };
}

export interface EnsureAdministrationToken {
  readonly stores: Pick<RegistryStores, "administration">;
  readonly random: Random;
}

/**
 * Sees to it that there is an administration token: the configured one, which takes the place of any other, or else the one that is there, or else a
 * new one. Only a new one is told, and only this once.
 */
export async function ensureAdministrationToken(
  { stores, random }: EnsureAdministrationToken,
  configured?: string,
): Promise<{ readonly token?: string }> {
  if (configured !== undefined) {
    await stores.administration.replaceTokenHash(hashSecret(configured));
    return {};
  }
  const token = newSecret(random);
  return (await stores.administration.establishTokenHash(hashSecret(token))) === "established" ? { token } : {};
}
