import {
  type Clock,
  currentKey,
  hasNextKey,
  isRotationDue,
  keysInTime,
  ResourceError,
  type SigningAlgorithm,
  spreadPeriod,
  type TenantId,
  type TimedKey,
  withNextKey,
  withoutKey,
} from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import { type SigningKeyStore, type StoredKeyRing, type StoredSigningKey, untilReplaced } from "@signet/storage";
import type { KeyRings } from "./key-rings.ts";
import { makeKey } from "./make-key.ts";

/** What became of a tenant's keys. */
export interface KeyChange {
  readonly tenantId: TenantId;
  readonly algorithm: SigningAlgorithm;
  /** Whether a key was published that takes over later, by plan or on demand; or one was revoked. */
  readonly reason: "scheduled" | "requested" | "emergency";
  /** The `kid` of the key that was published or revoked. */
  readonly kid: string;
}

export interface KeyRotationDependencies {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly keys: KeyRings;
  /** How long a key is published before it signs. */
  readonly publicationMilliseconds: number;
  /** After how long a key is replaced by plan; 0 for never. */
  readonly periodMilliseconds: number;
  readonly onChange: (change: KeyChange) => void;
}

/** The published keys of one algorithm. */
export interface TimedRing {
  readonly algorithm: SigningAlgorithm;
  readonly keys: readonly TimedKey<StoredSigningKey>[];
}

/** Which keys are meant: by an algorithm, or by their `kid`; undefined for all that there are. */
export interface KeySelection {
  readonly algorithm: SigningAlgorithm | undefined;
  readonly kid?: string | undefined;
}

export interface KeyRotation {
  list(tenant: TenantId): Promise<readonly TimedRing[]>;
  /**
   * Publishes a key for each algorithm that takes over in time; nothing where one stands ready already. Of an algorithm that is named and that the tenant has
   * no key for, it publishes the first, which nobody waits for yet.
   * @throws ResourceError invalid where there is no room for another key
   */
  rotate(tenant: TenantId, selection: Pick<KeySelection, "algorithm">): Promise<void>;
  /**
   * Takes keys out of use at once: those that sign, or the one that is named. Of several who ask at the same time, one revokes each key.
   * @throws ResourceError not_found for an algorithm or a `kid` that the tenant has none of
   */
  revoke(tenant: TenantId, selection: KeySelection): Promise<void>;
  /** Replaces one tenant's keys where their time has come, and forgets those that are published no longer. */
  maintain(ring: StoredKeyRing): Promise<void>;
}

/** Changes of the stored keys. Each is one replacement of one version, so of several replicas that make the same one exactly one succeeds. */
export function createKeyRotation(dependencies: KeyRotationDependencies): KeyRotation {
  const { store, sealer, clock, keys, publicationMilliseconds, periodMilliseconds, onChange } = dependencies;

  async function ringOf(tenant: TenantId, algorithm: SigningAlgorithm): Promise<StoredKeyRing | undefined> {
    return (await store.list(tenant)).find((ring) => ring.algorithm === algorithm);
  }

  async function replaced(ring: StoredKeyRing, changed: readonly StoredSigningKey[]): Promise<boolean> {
    return store.replace({ ...ring, keys: changed, version: ring.version + 1, changedAt: clock() });
  }

  async function publishNext(ring: StoredKeyRing, reason: KeyChange["reason"]): Promise<void> {
    const { tenantId, algorithm } = ring;
    if (hasNextKey(ring.keys, clock())) return;
    const made = await makeKey(tenantId, algorithm, { sealer, now: clock() });
    const isOurs = await untilReplaced(async () => {
      const stored = await ringOf(tenantId, algorithm);
      const changed = stored && withNextKey(stored.keys, made, clock(), publicationMilliseconds);
      if (stored === undefined || changed === undefined) return false;
      return (await replaced(stored, changed)) || undefined;
    });
    if (isOurs) onChange({ tenantId, algorithm, reason, kid: made.id });
  }

  async function revokeKey({ tenantId, algorithm }: StoredKeyRing, kid: string): Promise<void> {
    const made = await makeKey(tenantId, algorithm, { sealer, now: clock() });
    const isOurs = await untilReplaced(async () => {
      const stored = await ringOf(tenantId, algorithm);
      const changed = stored && withoutKey(stored.keys, kid, made, clock());
      if (stored === undefined || changed === undefined) return false;
      return (await replaced(stored, changed)) || undefined;
    });
    if (isOurs) onChange({ tenantId, algorithm, reason: "emergency", kid });
  }

  return {
    async list(tenant) {
      const now = clock();
      return (await store.list(tenant)).map((ring) => ({ algorithm: ring.algorithm, keys: keysInTime(ring.keys, now) }));
    },
    async rotate(tenant, { algorithm }) {
      const rings = (await store.list(tenant)).filter((ring) => algorithm === undefined || ring.algorithm === algorithm);
      for (const ring of rings) await publishNext(ring, "requested");
      if (rings.length === 0 && algorithm !== undefined) await keys.signingKey(tenant, algorithm);
      await keys.refresh(tenant);
    },
    async revoke(tenant, selection) {
      const rings = selected(await store.list(tenant), selection);
      // Which ones sign is looked up once, before the first is revoked: who loses a race then revokes no successor.
      const revoked = rings.map((ring) => ({ ring, kid: selection.kid ?? currentKey(ring.keys, clock()).id }));
      for (const { ring, kid } of revoked) await revokeKey(ring, kid);
      await keys.refresh(tenant);
    },
    async maintain(ring) {
      const now = clock();
      const period = spreadPeriod(periodMilliseconds, currentKey(ring.keys, now));
      if (periodMilliseconds > 0 && isRotationDue(ring.keys, now, period)) await publishNext(ring, "scheduled");
      else if (!(await forgetRetired(ring))) return;
      await keys.refresh(ring.tenantId);
    },
  };

  /** Whether there were keys to forget. Where somebody else changed the ring meanwhile, they are left to the next time. */
  async function forgetRetired(ring: StoredKeyRing): Promise<boolean> {
    const published = keysInTime(ring.keys, clock()).map(({ key }) => key);
    if (published.length === ring.keys.length) return false;
    return replaced(ring, published);
  }
}

function selected(rings: readonly StoredKeyRing[], { algorithm, kid }: KeySelection): readonly StoredKeyRing[] {
  const ofAlgorithm = algorithm === undefined ? rings : rings.filter((ring) => ring.algorithm === algorithm);
  const found = kid === undefined ? ofAlgorithm : ofAlgorithm.filter(({ keys }) => keys.some(({ id }) => id === kid));
  if (found.length > 0 || (algorithm === undefined && kid === undefined)) return found;
  throw new ResourceError("not_found", "the workplace has no such key");
}
