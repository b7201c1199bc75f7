import { createPrivateKey } from "node:crypto";
import { type Clock, parsePublicJwk, type SigningAlgorithm, type TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { SigningKeyStore, StoredSigningKey } from "@signet/storage";
import { newSigningKey, publishedKey, type SigningKey } from "../signing/signing-key.ts";

/** A key opens only as the one that it was sealed as. */
const sealingContext = (id: string) => `signing-key:${id}`;

export interface SigningKeyDependencies {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** The tenant's key for the algorithm, made if this is the first time that it is needed. All replicas get the same one, whichever made it first. */
export async function establishSigningKey(
  tenant: TenantId,
  algorithm: SigningAlgorithm,
  { store, sealer, clock }: SigningKeyDependencies,
): Promise<SigningKey> {
  const established = (await store.list(tenant)).find((stored) => stored.algorithm === algorithm);
  if (established !== undefined) return opened(established, sealer);

  const candidate = await newSigningKey(algorithm);
  const pem = candidate.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const winner = await store.establish({
    id: candidate.jwk.kid,
    tenantId: tenant,
    algorithm,
    privateKey: await sealer.seal(tenant, pem, sealingContext(candidate.jwk.kid)),
    publicJwk: JSON.stringify(candidate.jwk),
    createdAt: clock(),
  });
  return winner.id === candidate.jwk.kid ? candidate : opened(winner, sealer);
}

async function opened(stored: StoredSigningKey, sealer: Sealer): Promise<SigningKey> {
  const pem = await sealer.open(stored.tenantId, stored.privateKey, sealingContext(stored.id));
  return { ...publishedKey(parsePublicJwk(stored.publicJwk)), privateKey: createPrivateKey(pem) };
}
