import { createSecretKey, type KeyObject } from "node:crypto";
import type { Random, TenantId } from "@signet/protocol";
import type { WrappedKey } from "@signet/storage";
import { decrypt, encrypt } from "./authenticated-encryption.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { SealingError } from "./sealing-error.ts";

const version = "v1";
const dataKeyLength = 32;
const shape = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

/** A new data key for the tenant, wrapped: the version, the id of the key-encryption key, and what that key made of it. */
export function newWrappedKey(tenant: TenantId, wrapping: KeyEncryptionKey, random: Random): WrappedKey {
  const wrapped = encrypt(wrapping.key, random(dataKeyLength), wrappingContext(tenant, wrapping.id), random);
  return `${version}.${wrapping.id}.${wrapped}` as WrappedKey;
}

/**
 * The data key itself.
 * @throws SealingError malformed, unknown_key, refused
 */
export function unwrapKey(tenant: TenantId, wrapped: WrappedKey, wrapping: ReadonlyMap<string, KeyEncryptionKey>): KeyObject {
  const [, id, encrypted] = shape.exec(wrapped) ?? [];
  if (id === undefined || encrypted === undefined) throw new SealingError("malformed", "the wrapped data key cannot be read");
  const key = wrapping.get(id);
  if (key === undefined) {
    throw new SealingError("unknown_key", `the data key is wrapped by the key-encryption key ${id}, which is not configured`);
  }
  return createSecretKey(decrypt(key.key, encrypted, wrappingContext(tenant, id)));
}

function wrappingContext(tenant: TenantId, wrappingId: string): readonly string[] {
  return ["data-key", version, tenant, wrappingId];
}
