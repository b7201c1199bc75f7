import { type Clock, later, type SigningAlgorithm, type TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { SigningKeyStore } from "@signet/storage";
import { RecentlyUsed } from "../recently-used.ts";
import type { JwsType, SigningKey, VerificationKey } from "../signing/signing-key.ts";
import { KeyRing } from "./key-ring.ts";

/** The keys of every tenant. */
export interface KeyRings {
  /** What the tenant signs with by this algorithm now; made when it is needed for the first time. */
  signingKey(tenant: TenantId, algorithm: SigningAlgorithm): Promise<SigningKey>;
  /** The tenant's key that writes this header on tokens of this type; undefined where it has none. */
  verificationKey(tenant: TenantId, header: string, type: JwsType): Promise<VerificationKey | undefined>;
  /** The tenant's JWK Set as JSON, RFC 7517 section 5. It is never empty: a relying party may keep it for long. */
  jwks(tenant: TenantId): Promise<string>;
  /** To be called when this process has changed the tenant's keys: from then on it uses what is stored. */
  refresh(tenant: TenantId): Promise<void>;
  /** Hears of what other processes changed since it was called last. To be called every second or so, by whoever is not alone on the store. */
  followChanges(): Promise<void>;
}

export interface KeyRingsDependencies {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Whether other processes make keys in the same store. What they made is published, and verified, from the moment that they have it. */
  readonly isShared: boolean;
  /** How many tenants' keys are held in memory. */
  readonly capacity?: number;
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed?: () => number;
}

/** As many as a service holds tenants: one whose keys have to be read and opened takes four times as long to answer. */
const defaultCapacity = 16_000;
/** How many changes are asked for at a time. */
const changesPage = 500;
/** Changes are told by the clocks of those who made them, and one replica's may be minutes from the others'. What is heard of again makes no difference. */
const overlapMilliseconds = 6 * 60_000;

/** Key rings over the store, none loaded yet. */
export function createKeyRings({
  capacity = defaultCapacity,
  elapsed = () => performance.now(),
  isShared,
  ...dependencies
}: KeyRingsDependencies): KeyRings {
  const { store, clock } = dependencies;
  let heardAt = isShared ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const rings = new RecentlyUsed<TenantId, KeyRing>(capacity);
  const ringDependencies = { ...dependencies, elapsed, heardAt: () => heardAt };
  const ringOf = (tenant: TenantId) => rings.get(tenant, () => new KeyRing(tenant, ringDependencies));
  const sometimeBefore = () => later(clock(), -overlapMilliseconds);
  let since = sometimeBefore();

  return {
    signingKey: (tenant, algorithm) => ringOf(tenant).signingKey(algorithm),
    verificationKey: (tenant, header, type) => ringOf(tenant).verificationKey(header, type),
    async jwks(tenant) {
      const ring = ringOf(tenant);
      const published = (await ring.latest()).published(clock());
      if (!published.isEmpty) return published.jwks;
      // The algorithm that every relying party knows (OpenID Connect Core section 15.1).
      await ring.signingKey("RS256");
      return (await ring.latest()).published(clock()).jwks;
    },
    refresh: (tenant) => ringOf(tenant).refresh(),
    async followChanges() {
      const [begunAt, next] = [elapsed(), sometimeBefore()];
      for (let from = since, isLast = false; !isLast; ) {
        const changes = await store.listChanged(from, changesPage);
        for (const change of changes) rings.find(change.tenantId)?.heardOf(change);
        isLast = changes.length < changesPage;
        from = changes.at(-1)?.changedAt ?? from;
      }
      [heardAt, since] = [begunAt, next];
    },
  };
}
