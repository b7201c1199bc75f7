import type { registry } from "@signet/contracts";
import {
  type Branding,
  type Clock,
  defaultTenantName,
  defaultTenantSettings,
  type Instant,
  newTenantId,
  parseTenantName,
  patchBranding,
  patchTenantSettings,
  type Random,
  ResourceError,
  type TenantName,
} from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { ChangeFeed, DataKeyStore, StoredTenant, TenantStore } from "@signet/storage";
import { newRegistrationToken } from "./registration-token.ts";
import { patchFromProto, type TenantPatch, tenantToProto } from "./translate.ts";

export interface EstablishTenant {
  readonly tenants: TenantStore;
  readonly registryDataKeys: DataKeyStore;
  readonly changes: ChangeFeed;
  readonly sealer: Sealer;
  readonly random: Random;
}

export interface CreateTenant extends EstablishTenant {
  readonly clock: Clock;
}

/** @throws ResourceError invalid, already_exists */
export async function createTenant(
  request: registry.CreateTenantRequest,
  { clock, ...parts }: CreateTenant,
): Promise<registry.CreateTenantResponse> {
  const name = parseTenantName(request.name);
  if (name === undefined) {
    throw new ResourceError(
      "invalid",
      "name must be 1 to 63 lower-case letters, digits and inner hyphens, and no word that an address of the provider begins with",
    );
  }
  const established = await establishTenant(name, patchFromProto(request.patch), parts, clock());
  if (established === undefined) throw new ResourceError("already_exists", "there is a tenant of that name already");
  return { tenant: tenantToProto(established.tenant), registrationToken: established.registrationToken };
}

/**
 * A new tenant with the defaults and what `patch` says instead; undefined where the name is taken.
 * @throws ResourceError invalid
 */
export async function establishTenant(
  name: TenantName,
  patch: TenantPatch,
  { tenants, registryDataKeys, changes, sealer, random }: EstablishTenant,
  now: Instant,
): Promise<{ readonly tenant: StoredTenant; readonly registrationToken: string } | undefined> {
  if ((await tenants.findByName(name)) !== undefined) return undefined;
  const id = newTenantId(random);
  const settings = patchTenantSettings(defaultTenantSettings, patch.settings);
  const branding = patchBranding(defaultBranding(name), patch.branding);
  const { token, stored } = await newRegistrationToken(id, patch.registrationToken, { sealer, random });
  const tenant: StoredTenant = { id, name, settings, branding, ...stored, createdAt: now, version: 1 };
  if ((await tenants.create(tenant)) === "name-taken") {
    await registryDataKeys.deleteTenant(id);
    sealer.forget(id);
    return undefined;
  }
  await changes.publish({ kind: "tenant", tenantId: id, name, deleted: false });
  return { tenant, registrationToken: token };
}

function defaultBranding(name: TenantName): Branding {
  return { name: name === defaultTenantName ? "Signet" : name };
}
