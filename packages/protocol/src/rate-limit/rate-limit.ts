import type { Brand } from "../brand.ts";
import { type Instant, later } from "../instant.ts";
import { hashSecret } from "../secret/secret.ts";

/** At most `count` at once, and as many in each further window: what was taken comes back evenly, one after `windowMilliseconds / count`. */
export interface RateLimit {
  readonly count: number;
  readonly windowMilliseconds: number;
}

/** What is counted together, as a hash: of one length, whatever it is made of, and nothing that tells who it was. */
export type RateLimitBucket = Brand<string, "RateLimitBucket">;

/** The bucket that these parts name, in this order. */
export function rateLimitBucket(...parts: readonly [kind: string, ...rest: string[]]): RateLimitBucket {
  // As JSON, so that no two lists of parts are one text.
  return hashSecret(JSON.stringify(parts)) as string as RateLimitBucket;
}

/** How much of a limit is used, as of a moment. */
export interface RateLimitUse {
  readonly used: number;
  readonly at: Instant;
}

export type RateLimitTaken =
  | { readonly kind: "taken" }
  /** Nothing was taken. So long from now on there is room for as much. */
  | { readonly kind: "refused"; readonly retryAfterMilliseconds: number };

/** How far the clocks of two replicas may be apart. Beyond that a clock was set back. */
const clockToleranceMilliseconds = 60_000;
/** What a sum of fractions may be off by. */
const rounding = 1e-6;

/**
 * What is still used at `now`. A clock that is a little behind gives nothing back, so that nobody gains by going from one replica to the next; one that
 * was set back begins anew from there. What was used under a higher limit counts as all of this one at most: it would keep everybody out for many windows.
 */
export function usedAt(use: RateLimitUse | undefined, { count, windowMilliseconds }: RateLimit, now: Instant): RateLimitUse {
  if (use === undefined) return { used: 0, at: now };
  const elapsed = now - use.at;
  const used = Math.min(use.used, count);
  if (elapsed < 0) return { used, at: elapsed < -clockToleranceMilliseconds ? now : use.at };
  return { used: Math.max(0, used - (elapsed * count) / windowMilliseconds), at: now };
}

/** Takes `cost` where there is room for it. The use that is to be kept from now on is undefined where it is what was kept before. */
export function takeFrom(
  kept: RateLimitUse | undefined,
  limit: RateLimit,
  now: Instant,
  cost = 1,
): { readonly taken: RateLimitTaken; readonly use?: RateLimitUse } {
  const { used, at } = usedAt(kept, limit, now);
  const missing = used + cost - limit.count;
  if (missing <= rounding) return { taken: { kind: "taken" }, use: { used: used + cost, at } };
  const retryAfterMilliseconds = Math.ceil((missing * limit.windowMilliseconds) / limit.count);
  const taken = { kind: "refused", retryAfterMilliseconds } as const;
  // Noted, so that time goes on from where the clock was set back to.
  return kept !== undefined && at < kept.at ? { taken, use: { used, at } } : { taken };
}

/** The use without `cost` of it: what was taken did not count after all. */
export function giveBackTo(kept: RateLimitUse | undefined, limit: RateLimit, now: Instant, cost = 1): RateLimitUse {
  const { used, at } = usedAt(kept, limit, now);
  return { used: Math.max(0, used - cost), at };
}

/** When nothing of the use is left. */
export function emptyAt({ used, at }: RateLimitUse, { count, windowMilliseconds }: RateLimit): Instant {
  return later(at, Math.ceil((used * windowMilliseconds) / count));
}
