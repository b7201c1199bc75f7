import { createSecretKey, type KeyObject } from "node:crypto";
import type { Random, TenantId } from "@signet/protocol";
import type { WrappedKey } from "@signet/storage";
import { decrypt, encrypt } from "./authenticated-encryption.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { SealingError } from "./sealing-error.ts";

const version = "v1";
const dataKeyLength = 32;
const shape = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

/** A new data key for the tenant, wrapped. */
export function newWrappedKey(tenant: TenantId, wrapping: KeyEncryptionKey, random: Random): WrappedKey {
  return wrap(tenant, random(dataKeyLength), wrapping, random);
}

/**
 * The data key itself.
 * @throws SealingError malformed, unknown_key, refused
 */
export function unwrapKey(tenant: TenantId, wrapped: WrappedKey, wrapping: ReadonlyMap<string, KeyEncryptionKey>): KeyObject {
  const { id, encrypted } = parse(wrapped);
  const key = wrapping.get(id);
  if (key === undefined) {
    throw new SealingError("unknown_key", `the data key is wrapped by the key-encryption key ${id}, which is not configured`);
  }
  return createSecretKey(decrypt(key.key, encrypted, wrappingContext(tenant, id)));
}

/** The data key once more, wrapped by another key-encryption key or anew by the same one. */
export function wrapKey(tenant: TenantId, dataKey: KeyObject, wrapping: KeyEncryptionKey, random: Random): WrappedKey {
  return wrap(tenant, dataKey.export(), wrapping, random);
}

/**
 * The id of the key-encryption key that wrapped it.
 * @throws SealingError malformed
 */
export function wrappingIdOf(wrapped: WrappedKey): string {
  return parse(wrapped).id;
}

/** The version, the id of the key-encryption key, and what that key made of the data key. */
function wrap(tenant: TenantId, dataKey: Uint8Array, wrapping: KeyEncryptionKey, random: Random): WrappedKey {
  const encrypted = encrypt(wrapping.key, dataKey, wrappingContext(tenant, wrapping.id), random);
  return `${version}.${wrapping.id}.${encrypted}` as WrappedKey;
}

function parse(wrapped: WrappedKey): { readonly id: string; readonly encrypted: string } {
  const [, id, encrypted] = shape.exec(wrapped) ?? [];
  if (id === undefined || encrypted === undefined) throw new SealingError("malformed", "the wrapped data key cannot be read");
  return { id, encrypted };
}

function wrappingContext(tenant: TenantId, wrappingId: string): readonly string[] {
  return ["data-key", version, tenant, wrappingId];
}
