import type { token } from "@signet/contracts";
import { ResourceError, type SigningAlgorithm, signingAlgorithms, type TenantId } from "@signet/protocol";
import type { KeyRotation, TimedRing } from "./key-rotation.ts";

/** The tenant's published keys. */
export async function listSigningKeys(tenant: TenantId, rotation: KeyRotation): Promise<token.ListSigningKeysResponse> {
  return { keys: (await rotation.list(tenant)).flatMap(keyMessages) };
}

/** @throws ResourceError invalid */
export async function rotateSigningKeys(
  tenant: TenantId,
  { algorithm }: token.RotateSigningKeysRequest,
  rotation: KeyRotation,
): Promise<token.RotateSigningKeysResponse> {
  await rotation.rotate(tenant, { algorithm: parseAlgorithm(algorithm) });
  return listSigningKeys(tenant, rotation);
}

/** @throws ResourceError not_found, invalid */
export async function revokeSigningKeys(
  tenant: TenantId,
  { algorithm, kid }: token.RevokeSigningKeysRequest,
  rotation: KeyRotation,
): Promise<token.RevokeSigningKeysResponse> {
  await rotation.revoke(tenant, { algorithm: parseAlgorithm(algorithm), kid: kid === "" ? undefined : kid });
  return listSigningKeys(tenant, rotation);
}

function parseAlgorithm(value: string): SigningAlgorithm | undefined {
  if (value === "") return undefined;
  const found = signingAlgorithms.find((algorithm) => algorithm === value);
  if (found === undefined) throw new ResourceError("invalid", `algorithm must be one of: ${signingAlgorithms.join(", ")}`);
  return found;
}

function keyMessages({ algorithm, keys }: TimedRing): token.SigningKey[] {
  return keys.map(({ key: { id, createdAt, activatesAt }, state, retiresAt, publishedUntil }) => ({
    kid: id,
    algorithm,
    state,
    createdAt,
    // A successor in an emergency took the place of another key.
    signsFrom: Math.max(createdAt, activatesAt),
    retiresAt,
    publishedUntil,
  }));
}
