import type { registry } from "@signet/contracts";
import {
  type Branding,
  defaultTenantName,
  defaultTenantSettings,
  type Instant,
  newTenantId,
  parseTenantName,
  patchBranding,
  patchTenantSettings,
  ResourceError,
  type TenantName,
} from "@signet/protocol";
import type { StoredTenant } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { newRegistrationToken } from "./registration-token.ts";
import { patchOf, type TenantPatch, toTenantMessage } from "./tenant-message.ts";

/** @throws ResourceError invalid, already_exists */
export async function createTenant(
  request: registry.CreateTenantRequest,
  dependencies: RegistryDependencies,
): Promise<registry.CreateTenantResponse> {
  const name = parseTenantName(request.name);
  if (name === undefined) {
    throw new ResourceError(
      "invalid",
      "name must be 1 to 63 lower-case letters, digits and inner hyphens, and no word that an address of the provider begins with",
    );
  }
  const established = await establishTenant(name, patchOf(request.patch), dependencies, dependencies.clock());
  if (established === undefined) throw new ResourceError("already_exists", "there is a tenant of that name already");
  return { tenant: toTenantMessage(established.tenant), registrationToken: established.registrationToken };
}

/**
 * A new tenant with the defaults and what `patch` says instead; undefined where the name is taken.
 * @throws ResourceError invalid
 */
export async function establishTenant(
  name: TenantName,
  patch: TenantPatch,
  { stores, sealer, random }: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
  now: Instant,
): Promise<{ readonly tenant: StoredTenant; readonly registrationToken: string } | undefined> {
  if ((await stores.tenants.findByName(name)) !== undefined) return undefined;
  const id = newTenantId(random);
  const settings = patchTenantSettings(defaultTenantSettings, patch.settings);
  const branding = patchBranding(defaultBranding(name), patch.branding);
  const { token, stored } = await newRegistrationToken(id, patch.registrationToken, { sealer, random });
  const tenant: StoredTenant = { id, name, settings, branding, ...stored, createdAt: now, version: 1 };
  if ((await stores.tenants.create(tenant)) === "name-taken") {
    await stores.registryDataKeys.deleteTenant(id);
    sealer.forget(id);
    return undefined;
  }
  await stores.changes.publish({ kind: "tenant", tenantId: id, name, deleted: false });
  return { tenant, registrationToken: token };
}

function defaultBranding(name: TenantName): Branding {
  return { name: name === defaultTenantName ? "Signet" : name };
}
