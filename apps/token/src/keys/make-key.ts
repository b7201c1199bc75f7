import { createPrivateKey } from "node:crypto";
import { type Instant, parsePublicJwk, type SigningAlgorithm, type TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { StoredSigningKey } from "@signet/storage";
import { newSigningKey, publishedKey, type SigningKey } from "../signing/signing-key.ts";

/** A key opens only as the one that it was sealed as. */
const sealingContext = (id: string) => `signing-key:${id}`;

/** A new key that signs at once, sealed. */
export async function makeKey(
  tenant: TenantId,
  algorithm: SigningAlgorithm,
  { sealer, now }: { readonly sealer: Sealer; readonly now: Instant },
): Promise<StoredSigningKey> {
  const { jwk, privateKey } = await newSigningKey(algorithm);
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    id: jwk.kid,
    privateKey: await sealer.seal(tenant, pem, sealingContext(jwk.kid)),
    publicJwk: JSON.stringify(jwk),
    createdAt: now,
    activatesAt: now,
  };
}

/** @throws SealingError where no key-encryption key opens it */
export async function openKey(tenant: TenantId, stored: StoredSigningKey, sealer: Sealer): Promise<SigningKey> {
  const pem = await sealer.open(tenant, stored.privateKey, sealingContext(stored.id));
  return { ...publishedKey(parsePublicJwk(stored.publicJwk)), privateKey: createPrivateKey(pem) };
}
