import type { registry } from "@signet/contracts";
import { apiTokenRule, hashSecret, newSecret, parseApiToken, ResourceError, type TenantId } from "@signet/protocol";
import { type StoredTenant, untilReplaced } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";
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
  { sealer, random }: Pick<RegistryDependencies, "sealer" | "random">,
): Promise<NewToken> {
  const token = chosen === undefined ? newSecret(random) : parseApiToken(chosen);
  if (token === undefined) throw new ResourceError("invalid", `token ${apiTokenRule}`);
  const registrationToken = await sealer.seal(tenant, token, sealingContext);
  return { token, stored: { registrationTokenHash: hashSecret(token), registrationToken } };
}

/** The tenant's registration token in the clear. */
export function openRegistrationToken(tenant: StoredTenant, { sealer }: Pick<RegistryDependencies, "sealer">): Promise<string> {
  return sealer.open(tenant.id, tenant.registrationToken, sealingContext);
}

/** @throws ResourceError not_found */
export async function getRegistrationToken(
  { name }: registry.GetRegistrationTokenRequest,
  { stores, sealer }: Pick<RegistryDependencies, "stores" | "sealer">,
): Promise<registry.GetRegistrationTokenResponse> {
  return { registrationToken: await openRegistrationToken(await requireTenant(name, stores), { sealer }) };
}

/**
 * A new registration token; the old one is refused from the reply on.
 * @throws ResourceError not_found, unavailable
 */
export async function rotateRegistrationToken(
  { name }: registry.RotateRegistrationTokenRequest,
  { stores, sealer, random }: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
): Promise<registry.RotateRegistrationTokenResponse> {
  const { tenant, token } = await untilReplaced(async () => {
    const current = await requireTenant(name, stores);
    const { token, stored } = await newRegistrationToken(current.id, undefined, { sealer, random });
    const tenant: StoredTenant = { ...current, ...stored, version: current.version + 1 };
    return (await stores.tenants.replace(tenant)) === "replaced" ? { tenant, token } : undefined;
  });
  await stores.changes.publish({ kind: "tenant", tenantId: tenant.id, name: tenant.name, deleted: false });
  return { registrationToken: token };
}
