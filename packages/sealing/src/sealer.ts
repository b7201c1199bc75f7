import type { KeyObject } from "node:crypto";
import type { Random, TenantId } from "@signet/protocol";
import type { DataKeyStore, PageRequest, Sealed } from "@signet/storage";
import { decrypt, encrypt } from "./authenticated-encryption.ts";
import { newWrappedKey, unwrapKey } from "./data-key.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { type RewrappedPage, rewrapDataKeys } from "./rewrap.ts";
import { SealingError } from "./sealing-error.ts";

/** Keeps secrets that have to be read again: encrypted under a data key of the tenant, bound to the tenant and to a context. */
export interface Sealer {
  /** `context` says what is sealed and where it belongs, such as `client-secret:` and the client's id; it opens only in the same one. */
  seal(tenant: TenantId, plaintext: string, context: string): Promise<Sealed>;
  /** @throws SealingError */
  open(tenant: TenantId, sealed: Sealed, context: string): Promise<string>;
  /**
   * Resolves where the tenant's data key can be opened, or the tenant has none yet.
   * @throws SealingError unknown_key where no key-encryption key that is configured wrapped it
   */
  check(tenant: TenantId): Promise<void>;
  /** Drops the tenant's data key from memory. Once the store has none either, nothing sealed under it can ever be opened again. */
  forget(tenant: TenantId): void;
  /**
   * Wraps the data keys of a page, in the order of the tenants' ids, by the current key-encryption key where an earlier one wrapped them. They stay the
   * same: whoever holds one goes on. May run again, and at several replicas at once.
   */
  rewrap(page: PageRequest): Promise<RewrappedPage>;
}

export interface SealerOptions {
  readonly dataKeys: DataKeyStore;
  /** Wraps the data keys made from now on. Which key opens a data key is said by the id that is stored with it. */
  readonly keyEncryptionKey: KeyEncryptionKey;
  /** Others that data keys may be wrapped by: the one before, until all are rewrapped. */
  readonly earlierKeyEncryptionKeys?: readonly KeyEncryptionKey[];
  readonly random: Random;
  /** How many data keys are held in memory. */
  readonly capacity?: number;
}

const version = "v1";
const shape = /^v1\.([A-Za-z0-9_-]+)$/;
const defaultCapacity = 1000;

/** A sealer whose data keys are read, or made, when a tenant first needs one. */
export function createSealer(options: SealerOptions): Sealer {
  const { dataKeys, keyEncryptionKey, earlierKeyEncryptionKeys = [], random, capacity = defaultCapacity } = options;
  const wrapping = new Map([...earlierKeyEncryptionKeys, keyEncryptionKey].map((key) => [key.id, key]));
  /** Unwrapped keys, or their loading, the one used last at the end. */
  const held = new Map<TenantId, Promise<KeyObject | undefined>>();

  /** Holds what `load` gives, unless it fails, gives nothing, or is dropped meanwhile. */
  async function hold<Key extends KeyObject | undefined>(tenant: TenantId, load: () => Promise<Key>): Promise<Key> {
    const loading = load();
    held.set(tenant, loading);
    const oldest = held.keys().next();
    if (held.size > capacity && oldest.done !== true) held.delete(oldest.value);
    let key: Key | undefined;
    try {
      key = await loading;
      return key;
    } finally {
      if (key === undefined && held.get(tenant) === loading) held.delete(tenant);
    }
  }

  function heldKey(tenant: TenantId): Promise<KeyObject | undefined> | undefined {
    const key = held.get(tenant);
    if (key !== undefined) {
      held.delete(tenant);
      held.set(tenant, key);
    }
    return key;
  }

  async function find(tenant: TenantId): Promise<KeyObject | undefined> {
    const wrapped = await dataKeys.find(tenant);
    return wrapped === undefined ? undefined : unwrapKey(tenant, wrapped, wrapping);
  }

  async function establish(tenant: TenantId): Promise<KeyObject> {
    return unwrapKey(tenant, await dataKeys.establish(tenant, newWrappedKey(tenant, keyEncryptionKey, random)), wrapping);
  }

  const existingKey = (tenant: TenantId) => heldKey(tenant) ?? hold(tenant, () => find(tenant));

  return {
    async seal(tenant, plaintext, context) {
      const key = (await existingKey(tenant)) ?? (await hold(tenant, () => establish(tenant)));
      return `${version}.${encrypt(key, Buffer.from(plaintext, "utf8"), sealingContext(tenant, context), random)}` as Sealed;
    },

    async open(tenant, sealed, context) {
      const encrypted = shape.exec(sealed)?.[1];
      if (encrypted === undefined) throw new SealingError("malformed", "the sealed text cannot be read");
      const key = await existingKey(tenant);
      if (key === undefined) throw new SealingError("unknown_key", "the tenant has no data key");
      return decrypt(key, encrypted, sealingContext(tenant, context)).toString("utf8");
    },

    async check(tenant) {
      await existingKey(tenant);
    },

    forget(tenant) {
      held.delete(tenant);
    },

    rewrap: (page) => rewrapDataKeys(page, { dataKeys, keyEncryptionKey, wrapping, random }),
  };
}

function sealingContext(tenant: TenantId, context: string): readonly string[] {
  return ["sealed", version, tenant, context];
}
