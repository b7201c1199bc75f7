import type { registry } from "@signet/contracts";
import { apiTokenRule, hashSecret, newSecret, parseApiToken, type Random, ResourceError, type TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { ChangeFeed, StoredTenant, TenantStore } from "@signet/storage";
import { untilReplaced } from "../until-replaced.ts";
import { requireTenant } from "./find-tenant.ts";

const sealingContext = "registration-token";

interface NewToken {
  readonly token: string;
  readonly stored: Pick<StoredTenant, "registrationTokenHash" | "registrationToken">;
}

/**
 * A registration token in the form that is kept of it: the administrator's own where one is given, else one of 256 random bits.
 * @throws ResourceError invalid
 */
export async function newRegistrationToken(
  tenant: TenantId,
  chosen: string | undefined,
  { sealer, random }: { readonly sealer: Sealer; readonly random: Random },
): Promise<NewToken> {
  const token = chosen === undefined ? newSecret(random) : parseApiToken(chosen);
  if (token === undefined) throw new ResourceError("invalid", `token ${apiTokenRule}`);
  const registrationToken = await sealer.seal(tenant, token, sealingContext);
  return { token, stored: { registrationTokenHash: hashSecret(token), registrationToken } };
}

/** The tenant's registration token in the clear. */
export function openRegistrationToken(tenant: StoredTenant, sealer: Sealer): Promise<string> {
  return sealer.open(tenant.id, tenant.registrationToken, sealingContext);
}

export async function getRegistrationToken(
  { name }: registry.GetRegistrationTokenRequest,
  { tenants, sealer }: { readonly tenants: TenantStore; readonly sealer: Sealer },
): Promise<registry.GetRegistrationTokenResponse> {
  return { registrationToken: await openRegistrationToken(await requireTenant(name, tenants), sealer) };
}

interface RotateRegistrationToken {
  readonly tenants: TenantStore;
  readonly changes: ChangeFeed;
  readonly sealer: Sealer;
  readonly random: Random;
}

/** A new registration token; the old one is refused from the reply on. */
export async function rotateRegistrationToken(
  { name }: registry.RotateRegistrationTokenRequest,
  { tenants, changes, sealer, random }: RotateRegistrationToken,
): Promise<registry.RotateRegistrationTokenResponse> {
  const { tenant, token } = await untilReplaced(async () => {
    const current = await requireTenant(name, tenants);
    const { token, stored } = await newRegistrationToken(current.id, undefined, { sealer, random });
    const tenant: StoredTenant = { ...current, ...stored, version: current.version + 1 };
    return (await tenants.replace(tenant)) === "replaced" ? { tenant, token } : undefined;
  });
  await changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: false });
  return { registrationToken: token };
}
