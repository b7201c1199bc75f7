import { ResourceError } from "../errors.ts";
import { type Instant, instant, later } from "../instant.ts";
import { longestTokenLifetimeMilliseconds } from "../tenant/tenant-settings.ts";

/** A signing key by what decides when it signs. The keys of one tenant and algorithm stand in the order in which they sign. */
export interface RotatingKey {
  /** The `kid`. */
  readonly id: string;
  /** Published from then on. */
  readonly createdAt: Instant;
  /** Signs from then on, until the moment of the key after it. */
  readonly activatesAt: Instant;
}

export type SigningKeyState = "next" | "current" | "retired";

/** A key with all that follows from its place and the time. */
export interface TimedKey<Key extends RotatingKey> {
  readonly key: Key;
  readonly state: SigningKeyState;
  /** When the next one takes over; undefined where there is none yet. */
  readonly retiresAt: Instant | undefined;
  /** Until then it is published, and what it signed is accepted; undefined where no successor is known. */
  readonly publishedUntil: Instant | undefined;
}

/** So far apart the clocks of two replicas may be. */
export const clockToleranceMilliseconds = 60_000;
/** For relying parties whose clocks are behind, or that allow for some minutes of difference. */
const retirementMarginMilliseconds = 10 * 60_000;
/** A retired key stays for as long as any token lives that a tenant can ask for: a setting that is changed meanwhile makes no difference. */
const retentionMilliseconds = longestTokenLifetimeMilliseconds + retirementMarginMilliseconds;
/** What a JWK Set holds of one algorithm at most: relying parties fetch it whole. */
export const maximumKeysOfAlgorithm = 16;

/**
 * How long a key is published before it signs (OpenID Connect Core section 10.1.1): a cache may have fetched the keys just before, and a relying
 * party may have got them from that cache just before they were too old; and a replica that is fast, beside one that is slow, begins that much earlier.
 */
export function publicationMilliseconds(jwksMaxAgeSeconds: number): number {
  return 2 * jwksMaxAgeSeconds * 1000 + 2 * clockToleranceMilliseconds;
}

/**
 * The key that signs at `now`: the last one whose moment has come. The first one also before its moment, since a clock may have been set back.
 * @throws Error for no keys at all
 */
export function currentKey<Key extends RotatingKey>(keys: readonly Key[], now: Instant): Key {
  const current = keys[currentIndex(keys, now)];
  if (current === undefined) throw new Error("an algorithm has one key at least");
  return current;
}

function currentIndex(keys: readonly RotatingKey[], now: Instant): number {
  return Math.max(
    0,
    keys.findLastIndex(({ activatesAt }) => activatesAt <= now),
  );
}

/** The keys that are published at `now`, each with its times: those that no valid token can have been signed with are left out. */
export function keysInTime<Key extends RotatingKey>(keys: readonly Key[], now: Instant): readonly TimedKey<Key>[] {
  const current = currentIndex(keys, now);
  return keys
    .map((key, index): TimedKey<Key> => {
      const retiresAt = keys[index + 1]?.activatesAt;
      return {
        key,
        state: index === current ? "current" : index < current ? "retired" : "next",
        retiresAt,
        publishedUntil: retiresAt && later(retiresAt, retentionMilliseconds),
      };
    })
    .filter(({ state, publishedUntil }) => state !== "retired" || publishedUntil === undefined || publishedUntil > now);
}

/** Whether a key stands ready to take over. */
export function hasNextKey(keys: readonly RotatingKey[], now: Instant): boolean {
  return currentIndex(keys, now) < keys.length - 1;
}

/** Whether the key that signs has done so for `periodMilliseconds`, and none stands ready to take over. */
export function isRotationDue(keys: readonly RotatingKey[], now: Instant, periodMilliseconds: number): boolean {
  if (hasNextKey(keys, now)) return false;
  const { createdAt, activatesAt } = currentKey(keys, now);
  return now - Math.max(createdAt, activatesAt) >= periodMilliseconds;
}

/** The period of the tenant's own: up to a tenth shorter by the key's id, so that not all tenants' keys are made at one time. All replicas get the same. */
export function spreadPeriod(periodMilliseconds: number, { id }: RotatingKey): number {
  const [share = 0] = Buffer.from(id, "base64url");
  return periodMilliseconds * (1 - share / 2560);
}

/**
 * The keys with `made` as the one that signs next, once it has been published for `publication` milliseconds; undefined where one stands ready already.
 * Those that are published no longer are left out.
 * @throws ResourceError invalid where so many keys have retired lately that there is no room for another
 */
export function withNextKey<Key extends RotatingKey>(
  keys: readonly Key[],
  made: Key,
  now: Instant,
  publication: number,
): readonly Key[] | undefined {
  if (hasNextKey(keys, now)) return undefined;
  const published = keysInTime(keys, now).map(({ key }) => key);
  if (published.length >= maximumKeysOfAlgorithm) {
    throw new ResourceError(
      "invalid",
      `${maximumKeysOfAlgorithm} keys of the algorithm are still published; another rotation is possible when the oldest is published no longer`,
    );
  }
  return [...published, { ...made, createdAt: now, activatesAt: later(now, publication) }];
}

/**
 * The keys without the one that is `id`, which nothing is accepted from any more; undefined where it is not there. Where it is the one that signs, the next one does
 * from now on, or `made` where there is none: from a moment that has come by every replica's clock.
 */
export function withoutKey<Key extends RotatingKey>(
  keys: readonly Key[],
  id: string,
  made: Key,
  now: Instant,
): readonly Key[] | undefined {
  const current = currentIndex(keys, now);
  const index = keys.findIndex((key) => key.id === id);
  const removed = keys[index];
  if (removed === undefined) return undefined;
  if (index !== current) return keys.toSpliced(index, 1);
  const successor = keys[index + 1] ?? { ...made, createdAt: now };
  const activatesAt = instant(Math.max(removed.activatesAt, now - 2 * clockToleranceMilliseconds));
  return [...keys.slice(0, index), { ...successor, activatesAt }];
}
