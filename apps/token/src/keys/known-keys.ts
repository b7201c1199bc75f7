import { currentKey, type Instant, keysInTime, type SigningAlgorithm } from "@signet/protocol";
import type { StoredKeyRing, StoredSigningKey } from "@signet/storage";
import { type PublishedKeys, publishedKeys } from "./published-keys.ts";

/** A tenant's keys as they were read; which of them signs, and which are published, goes by the time alone. */
export class KnownKeys {
  readonly #rings: ReadonlyMap<SigningAlgorithm, StoredKeyRing>;
  #published: PublishedKeys | undefined;
  /** From then on one key fewer is published than is in `#published`. */
  #publishedUntil = Number.POSITIVE_INFINITY;

  constructor(rings: readonly StoredKeyRing[]) {
    this.#rings = new Map(rings.map((ring) => [ring.algorithm, ring]));
  }

  /** Whether these are the rings that are stored. */
  isOf(stored: readonly StoredKeyRing[]): boolean {
    return stored.length === this.#rings.size && stored.every(({ algorithm, version }) => this.isAt(algorithm, version));
  }

  isAt(algorithm: SigningAlgorithm, version: number): boolean {
    return this.#rings.get(algorithm)?.version === version;
  }

  has(id: string): boolean {
    return [...this.#rings.values()].some(({ keys }) => keys.some((key) => key.id === id));
  }

  /** What signs now; undefined where the tenant has no key for the algorithm. */
  current(algorithm: SigningAlgorithm, now: Instant): StoredSigningKey | undefined {
    const ring = this.#rings.get(algorithm);
    return ring && currentKey(ring.keys, now);
  }

  /** What is published now. It is made once for as long as it stays the same. */
  published(now: Instant): PublishedKeys {
    if (this.#published !== undefined && now < this.#publishedUntil) return this.#published;
    const timed = [...this.#rings.values()].flatMap(({ keys }) => keysInTime(keys, now));
    const ends = timed.map(({ publishedUntil }) => publishedUntil ?? Number.POSITIVE_INFINITY);
    this.#publishedUntil = Math.min(...ends);
    this.#published = publishedKeys(timed.map(({ key }) => key));
    return this.#published;
  }
}
