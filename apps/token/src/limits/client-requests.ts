import {
  type Client,
  type Clock,
  type Instant,
  later,
  type RateLimit,
  type RateLimitBucket,
  RateLimitedError,
  rateLimitBucket,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import { RecentlyUsed } from "../recently-used.ts";

/** Counts the requests of clients that have authenticated. */
export interface ClientRequests {
  /**
   * Takes one of what the client may have, in all processes together. Undefined, and nothing to wait for, where this process has some in hand.
   * @throws RateLimitedError where there is none left
   */
  take(client: Client): Promise<void> | undefined;
}

export interface ClientRequestsOptions {
  /** Undefined for any number. */
  readonly limit: RateLimit | undefined;
  readonly rateLimits: RateLimitStore;
  readonly clock: Clock;
}

/** What a process has taken from the store and not used yet. */
interface InHand {
  left: number;
  until: Instant;
  fetching: Promise<void> | undefined;
}

/** Of so many parts a process takes one at a time: the store is asked once in so many requests, and what is lost with a process is no more. */
const parts = 20;
/** How many clients a process holds something of. */
const capacity = 10_000;

export function createClientRequests({ limit, rateLimits, clock }: ClientRequestsOptions): ClientRequests {
  const known = new RecentlyUsed<string, InHand>(capacity);
  if (limit === undefined) return { take: () => undefined };
  const batch = Math.max(1, Math.floor(limit.count / parts));

  function inHandOf({ tenantId, id }: Client): InHand {
    return known.get(`${tenantId} ${id}`, () => ({ left: 0, until: clock(), fetching: undefined }));
  }

  /** A part or, where there is no room for that, one. */
  async function fetchInto(inHand: InHand, bucket: RateLimitBucket, of: RateLimit): Promise<void> {
    for (const cost of batch === 1 ? [1] : [batch, 1]) {
      const now = clock();
      const taken = await rateLimits.take(bucket, of, now, cost);
      if (taken.kind === "taken") {
        inHand.left += cost;
        inHand.until = later(now, of.windowMilliseconds);
        return;
      }
      if (cost === 1) throw new RateLimitedError("the client sends too many requests", taken.retryAfterMilliseconds);
    }
  }

  async function takeAfterFetching(client: Client, inHand: InHand, of: RateLimit): Promise<void> {
    while (inHand.left === 0) {
      inHand.fetching ??= fetchInto(inHand, rateLimitBucket("client requests", client.tenantId, client.id), of).finally(() => {
        inHand.fetching = undefined;
      });
      await inHand.fetching;
    }
    inHand.left -= 1;
  }

  return {
    take(client) {
      const inHand = inHandOf(client);
      // What was taken long ago does not come on top of what a later window allows.
      if (inHand.left > 0 && inHand.until <= clock()) inHand.left = 0;
      if (inHand.left === 0) return takeAfterFetching(client, inHand, limit);
      inHand.left -= 1;
      return undefined;
    },
  };
}
