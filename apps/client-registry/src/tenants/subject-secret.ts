import type { registry } from "@signet/contracts";
import type { RegistryDependencies } from "../registry-dependencies.ts";
import { requireTenant } from "./find-tenant.ts";

const sealingContext = "subject-secret";
const secretBytes = 32;

/**
 * What the tenant's pairwise subjects are derived by. Whoever asks first makes it, and all get the same one.
 * @throws ResourceError not_found
 */
export async function getSubjectSecret(
  { name }: registry.GetSubjectSecretRequest,
  { stores, sealer, random }: Pick<RegistryDependencies, "stores" | "sealer" | "random">,
): Promise<registry.GetSubjectSecretResponse> {
  const { id } = await requireTenant(name, stores);
  const sealed = (await stores.subjectSecrets.find(id)) ?? (await establish());
  return { tenantId: id, secret: Buffer.from(await sealer.open(id, sealed, sealingContext), "base64url") };

  async function establish() {
    const candidate = Buffer.from(random(secretBytes)).toString("base64url");
    return stores.subjectSecrets.establish(id, await sealer.seal(id, candidate, sealingContext));
  }
}
