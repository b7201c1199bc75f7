import {
  type Clock,
  type Instant,
  later,
  networkOf,
  parseClientId,
  type RateLimit,
  type RateLimitBucket,
  RateLimitedError,
  type RateLimitUse,
  ResourceError,
  rateLimitBucket,
  type Tenant,
  takeFrom,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import { RecentlyUsed } from "../recently-used.ts";

/** How often clients may fail to authenticate; undefined for any number. */
export interface ClientAttemptLimits {
  /** Of one client, from one address: client ids are public, and nobody must be able to keep the client itself out. */
  readonly perClient: RateLimit | undefined;
  /** Of all clients of all tenants together, from one address. */
  readonly perAddress: RateLimit | undefined;
}

/** Somebody who says that they are a client. */
export interface ClientAttempt {
  readonly tenant: Tenant;
  /** As it was sent. */
  readonly clientId: string;
  /** Empty where it is not known. */
  readonly address: string;
}

/** Counts how often clients fail to authenticate. What succeeds asks nobody. */
export interface ClientAttempts {
  /**
   * Refuses whoever has failed too often, whatever they show now.
   * @throws RateLimitedError
   */
  check(attempt: ClientAttempt): void;
  /**
   * Counts a failure: in this process at once, then in the store for all.
   * @throws RateLimitedError where it was one too many: whoever tries does not get to know that they failed
   */
  failed(attempt: ClientAttempt): Promise<void>;
}

export interface ClientAttemptsOptions {
  readonly limits: ClientAttemptLimits;
  readonly rateLimits: RateLimitStore;
  readonly clock: Clock;
}

interface Counted {
  readonly bucket: RateLimitBucket;
  readonly limit: RateLimit;
}

/** How many clients and addresses a process knows at a time; the one that failed longest ago goes first. */
const capacity = 10_000;

export function createClientAttempts({ limits, rateLimits, clock }: ClientAttemptsOptions): ClientAttempts {
  const uses = new RecentlyUsed<RateLimitBucket, RateLimitUse>(capacity);
  const refusedUntil = new RecentlyUsed<RateLimitBucket, Instant>(capacity);

  function countedOf({ tenant, clientId, address }: ClientAttempt): readonly Counted[] {
    const network = networkOf(address);
    // What is no client's id is as good as any other.
    const client = rateLimitBucket("client", tenant.id, parseClientId(clientId) ?? "", network);
    return [
      ...(limits.perClient === undefined ? [] : [{ bucket: client, limit: limits.perClient }]),
      ...(limits.perAddress === undefined
        ? []
        : [{ bucket: rateLimitBucket("client address", network), limit: limits.perAddress }]),
    ];
  }

  function refuse(bucket: RateLimitBucket, now: Instant, retryAfterMilliseconds: number): never {
    refusedUntil.set(bucket, later(now, retryAfterMilliseconds));
    throw tooManyFailures(retryAfterMilliseconds);
  }

  /** What a bucket refuses, those after it do not count: one client with an old secret does not stop the others behind its address. */
  async function count({ bucket, limit }: Counted, now: Instant): Promise<void> {
    const { taken, use } = takeFrom(uses.find(bucket), limit, now);
    if (use !== undefined) uses.set(bucket, use);
    if (taken.kind === "refused") refuse(bucket, now, taken.retryAfterMilliseconds);
    const everywhere = await rateLimits.take(bucket, limit, now).catch(ifAway);
    if (everywhere?.kind === "refused") refuse(bucket, now, everywhere.retryAfterMilliseconds);
  }

  return {
    check(attempt) {
      if (refusedUntil.isEmpty()) return;
      const now = clock();
      for (const { bucket } of countedOf(attempt)) {
        const until = refusedUntil.find(bucket);
        if (until !== undefined && until > now) throw tooManyFailures(until - now);
        refusedUntil.delete(bucket);
      }
    },
    async failed(attempt) {
      const now = clock();
      for (const counted of countedOf(attempt)) await count(counted, now);
    },
  };
}

/** The store's share is to count for all processes together; each counts for itself as well. A secret of 256 random bits is not guessed meanwhile. */
function ifAway(error: unknown): undefined {
  if (error instanceof ResourceError && error.kind === "unavailable") return undefined;
  throw error;
}

function tooManyFailures(retryAfterMilliseconds: number): RateLimitedError {
  return new RateLimitedError("client authentication failed too often", retryAfterMilliseconds);
}
