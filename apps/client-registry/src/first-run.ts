import { defaultTenantName, hashSecret, type Instant, newSecret } from "@signet/protocol";
import type { RegistryDependencies } from "./registry-dependencies.ts";
import { establishTenant } from "./tenants/create-tenant.ts";
import { requireTenant } from "./tenants/find-tenant.ts";
import { openRegistrationToken } from "./tenants/registration-token.ts";

/** Makes the tenant `default` where there is none yet, and tells its registration token. */
export async function ensureDefaultTenant(
  dependencies: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
  now: Instant,
): Promise<{ readonly created: boolean; readonly registrationToken: string }> {
  const established = await establishTenant(defaultTenantName, { settings: {}, branding: {} }, dependencies, now);
  if (established !== undefined) return { created: true, registrationToken: established.registrationToken };
  const tenant = await requireTenant(defaultTenantName, dependencies.stores);
  return { created: false, registrationToken: await openRegistrationToken(tenant, dependencies) };
}

/**
 * Sees to it that there is an administration token: the configured one, which takes the place of any other, or else the one that is there, or else a
 * new one. Only a new one is told, and only this once.
 */
export async function ensureAdministrationToken(
  { stores, random }: Pick<RegistryDependencies, "stores" | "random">,
  configured?: string,
): Promise<{ readonly token?: string }> {
  if (configured !== undefined) {
    await stores.administration.replaceTokenHash(hashSecret(configured));
    return {};
  }
  const token = newSecret(random);
  return (await stores.administration.establishTokenHash(hashSecret(token))) === "established" ? { token } : {};
}
