import type { Clock, SigningAlgorithm, TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { SigningKeyStore } from "@signet/storage";
import type { JwsType, SigningKey, VerificationKey } from "../signing/signing-key.ts";
import { establishSigningKey } from "./established-key.ts";
import { type PublishedKeys, publishedKeys } from "./published-keys.ts";
import { RecentlyUsed } from "./recently-used.ts";
import { SharedRuns } from "./shared-runs.ts";

/** The keys of every tenant. */
export interface KeyRings {
  /** What the tenant signs with by this algorithm; made when it is needed for the first time. */
  signingKey(tenant: TenantId, algorithm: SigningAlgorithm): Promise<SigningKey>;
  /** The tenant's key that writes this header on tokens of this type; undefined where it has none. */
  verificationKey(tenant: TenantId, header: string, type: JwsType): Promise<VerificationKey | undefined>;
  /** The tenant's JWK Set as JSON, RFC 7517 section 5. It is never empty: a relying party may keep it for long. */
  jwks(tenant: TenantId): Promise<string>;
}

export interface KeyRingsDependencies {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Whether other processes make keys in the same store. What they made is published, and verified, from the moment that they have it. */
  readonly isShared: boolean;
  /** How many tenants' keys are held in memory. */
  readonly capacity?: number;
}

/** A tenant's keys take some 10 kB with all four algorithms. */
const defaultCapacity = 1000;

/** Key rings over the store, none loaded yet. */
export function createKeyRings({ capacity = defaultCapacity, ...dependencies }: KeyRingsDependencies): KeyRings {
  const rings = new RecentlyUsed<TenantId, KeyRing>(capacity);
  const ringOf = (tenant: TenantId) => rings.get(tenant, () => new KeyRing(tenant, dependencies));
  return {
    signingKey: (tenant, algorithm) => ringOf(tenant).signingKey(algorithm),
    verificationKey: (tenant, header, type) => ringOf(tenant).verificationKey(header, type),
    jwks: (tenant) => ringOf(tenant).jwks(),
  };
}

/** The keys of one tenant, each loaded or made once, however many ask for it at the same time. What failed is tried again by the next who asks. */
class KeyRing {
  readonly #tenant: TenantId;
  readonly #dependencies: KeyRingsDependencies;
  readonly #signing = new Map<SigningAlgorithm, Promise<SigningKey>>();
  readonly #reading: SharedRuns<PublishedKeys>;
  #published: PublishedKeys | undefined;

  constructor(tenant: TenantId, dependencies: KeyRingsDependencies) {
    this.#tenant = tenant;
    this.#dependencies = dependencies;
    this.#reading = new SharedRuns(() => this.#read());
  }

  signingKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const present = this.#signing.get(algorithm);
    if (present !== undefined) return present;
    const establishing = this.#establish(algorithm);
    this.#signing.set(algorithm, establishing);
    establishing.catch(() => this.#signing.delete(algorithm));
    return establishing;
  }

  async #establish(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = await establishSigningKey(this.#tenant, algorithm, this.#dependencies);
    // Published before it is used, also where keys that were read before it was made are only about to arrive.
    await this.#reading.run();
    return key;
  }

  async verificationKey(header: string, type: JwsType): Promise<VerificationKey | undefined> {
    const found =
      (this.#published ?? (await this.#reading.run())).findByHeader(header) ?? (await this.#latest()).findByHeader(header);
    return found?.type === type ? found.key : undefined;
  }

  async jwks(): Promise<string> {
    const published = await this.#latest();
    if (!published.isEmpty) return published.jwks;
    // The algorithm that every relying party knows (OpenID Connect Core section 15.1).
    await this.signingKey("RS256");
    return (await this.#latest()).jwks;
  }

  /** The keys that there are now, whichever process made them. */
  async #latest(): Promise<PublishedKeys> {
    if (this.#published !== undefined && !this.#dependencies.isShared) return this.#published;
    return this.#reading.run();
  }

  async #read(): Promise<PublishedKeys> {
    const stored = await this.#dependencies.store.list(this.#tenant);
    if (this.#published?.isOf(stored) !== true) this.#published = publishedKeys(stored);
    return this.#published;
  }
}
