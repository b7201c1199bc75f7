import type { Random } from "@signet/protocol";
import { type DataKeyStore, type PageRequest, type TenantDataKey, untilReplaced, type WrappedKey } from "@signet/storage";
import { unwrapKey, wrapKey, wrappingIdOf } from "./data-key.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { SealingError } from "./sealing-error.ts";

/** What became of a page of data keys. One that was deleted meanwhile counts nowhere. */
export interface RewrappedPage {
  /** How many are wrapped by the current key-encryption key from now on. */
  readonly rewrapped: number;
  /** How many already were. */
  readonly current: number;
  /** How many no configured key-encryption key opens: they stay as they are. */
  readonly unreadable: number;
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface RewrapDependencies {
  readonly dataKeys: DataKeyStore;
  readonly keyEncryptionKey: KeyEncryptionKey;
  /** Every one that is known, the current one too. */
  readonly wrapping: ReadonlyMap<string, KeyEncryptionKey>;
  readonly random: Random;
}

type Outcome = "rewrapped" | "current" | "unreadable" | "deleted";

/**
 * Wraps the data keys of the page by the current key-encryption key where another one wrapped them. The data keys stay the same, and with them all
 * that is sealed. May run again and at several replicas at once, while others seal and open, and while tenants come and go.
 */
export async function rewrapDataKeys(page: PageRequest, dependencies: RewrapDependencies): Promise<RewrappedPage> {
  const { items, nextCursor } = await dependencies.dataKeys.list(page);
  const outcomes = await Promise.all(items.map((item) => rewrap(item, dependencies)));
  const count = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
  return {
    rewrapped: count("rewrapped"),
    current: count("current"),
    unreadable: count("unreadable"),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}

async function rewrap({ tenantId, wrappedKey }: TenantDataKey, dependencies: RewrapDependencies): Promise<Outcome> {
  const { dataKeys, keyEncryptionKey, wrapping, random } = dependencies;
  let found: WrappedKey | undefined = wrappedKey;
  return await untilReplaced(async () => {
    if (found === undefined) return "deleted";
    try {
      const dataKey = unwrapKey(tenantId, found, wrapping);
      if (wrappingIdOf(found) === keyEncryptionKey.id) return "current";
      if (await dataKeys.replace(tenantId, found, wrapKey(tenantId, dataKey, keyEncryptionKey, random))) return "rewrapped";
    } catch (error) {
      if (error instanceof SealingError) return "unreadable";
      throw error;
    }
    found = await dataKeys.find(tenantId);
    return undefined;
  });
}
