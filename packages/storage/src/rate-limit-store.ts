import type { Instant, RateLimit, RateLimitBucket, RateLimitTaken } from "@signet/protocol";

/** How much of each limit is used. What is not used any more is not kept, so that there are never more buckets than a window has attempts. */
export interface RateLimitStore {
  /**
   * Takes `cost`, 1 unless given, in one atomic step: of any number of concurrent calls no more than the limit counts get `taken`. A bucket belongs to one
   * limit; where the limit has changed since, what was used before counts against the new one, as its own count at most.
   */
  take(bucket: RateLimitBucket, limit: RateLimit, now: Instant, cost?: number): Promise<RateLimitTaken>;
  /** Gives back what was taken: it did not count after all. */
  giveBack(bucket: RateLimitBucket, limit: RateLimit, now: Instant): Promise<void>;
  /** From now on nothing of it is used. */
  clear(bucket: RateLimitBucket): Promise<void>;
}
