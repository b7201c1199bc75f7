import { defaultTenantName, hashSecret, type Instant, newSecret } from "@signet/protocol";
import type { RegistryDependencies } from "./registry-dependencies.ts";
import { establishTenant } from "./tenants/create-tenant.ts";
import { requireTenant } from "./tenants/find-tenant.ts";
import { openRegistrationToken } from "./tenants/registration-token.ts";

/**
 * Makes the tenant `default` where there is none yet; whether it did. Opens nothing that is sealed, so that a start needs no key-encryption key but for
 * what it makes.
 */
export async function ensureDefaultTenant(
  dependencies: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
  now: Instant,
): Promise<{ readonly created: boolean }> {
  const established = await establishTenant(defaultTenantName, { settings: {}, branding: {} }, dependencies, now);
  return { created: established !== undefined };
}

/**
 * The registration token of the tenant `default`.
 * @throws SealingError where the key-encryption key does not open it
 */
export async function readDefaultRegistrationToken(
  dependencies: Pick<RegistryDependencies, "stores" | "sealer">,
): Promise<string> {
  return await openRegistrationToken(await requireTenant(defaultTenantName, dependencies.stores), dependencies);
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
