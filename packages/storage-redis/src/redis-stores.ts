import { type Clock, type Instant, instant } from "@signet/protocol";
import type { AuthStores, RegistryStores, SharedStores, TokenStores } from "@signet/storage";
import { redisAccessTokenStore } from "./access-token-store.ts";
import { redisAuthorizationCodeStore } from "./authorization-code-store.ts";
import { redisChangeFeed } from "./change-feed.ts";
import { redisInteractionStore } from "./interaction-store.ts";
import { checkedPrefix } from "./keys.ts";
import { redisRateLimitStore } from "./rate-limit-store.ts";
import { RedisConnection } from "./redis-connection.ts";
import { redisRefusalStore } from "./refusal-store.ts";
import { redisReplayStore } from "./replay-store.ts";
import { redisSessionStore } from "./session-store.ts";

export interface RedisStoresOptions {
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS. Redis 7 or newer, with `maxmemory-policy noeviction`: nothing here may be evicted. */
  readonly url: string;
  /** Stands before every key, so that several deployments can share a Redis: `signet` unless said otherwise. */
  readonly prefix?: string;
  /** How long Redis may take for a command: 2 s unless said otherwise. A call of a store takes no longer than its few commands. */
  readonly deadlineMilliseconds?: number;
  /** How many commands may wait for an answer at a time, 10,000 unless said otherwise; one more is unavailable at once. */
  readonly maximumOutstanding?: number;
  /** How many subscriptions to changes there may be at a time, each with a connection of its own: 100 unless said otherwise. */
  readonly maximumSubscriptions?: number;
  /** For how long Redis keeps something is reckoned from this clock: the machine's unless said otherwise. */
  readonly clock?: Clock;
  /** Hears of what the connection gets over by itself. */
  readonly onError?: (error: Error) => void;
}

/** What lives shortly and often. */
export interface RedisStores
  extends Pick<AuthStores, "sessions" | "interactions" | "codes">,
    Pick<TokenStores, "accessTokens" | "replays">,
    Pick<RegistryStores, "changes" | "refusals">,
    SharedStores {
  /**
   * Resolves once Redis answers, with what its clock shows.
   * @throws ResourceError unavailable where it does not within the deadline; asked again, it may
   */
  ready(): Promise<Instant>;
  /** Lets calls under way come to their end and ends subscriptions. Calls after it are refused. */
  close(): Promise<void>;
}

/**
 * Stores on one Redis. Returns at once, whether Redis is there or not: what needs it is unavailable for as long as it is away, and works again by
 * itself a second after it is back at the latest.
 */
export function openRedisStores({
  url,
  prefix = "signet",
  deadlineMilliseconds = 2000,
  maximumOutstanding = 10_000,
  maximumSubscriptions = 100,
  clock = () => instant(Date.now()),
  onError = () => {},
}: RedisStoresOptions): RedisStores {
  const keyPrefix = checkedPrefix(prefix);
  const connection = new RedisConnection({ url, deadlineMilliseconds, maximumOutstanding, onError });
  const closing = new AbortController();
  return {
    sessions: redisSessionStore(connection, keyPrefix, clock),
    interactions: redisInteractionStore(connection, keyPrefix, clock),
    codes: redisAuthorizationCodeStore(connection, keyPrefix, clock),
    accessTokens: redisAccessTokenStore(connection, keyPrefix, clock),
    rateLimits: redisRateLimitStore(connection, keyPrefix),
    replays: redisReplayStore(connection, keyPrefix, clock),
    refusals: redisRefusalStore(connection, keyPrefix, clock),
    changes: redisChangeFeed(connection, {
      prefix: keyPrefix,
      deadlineMilliseconds,
      maximumSubscriptions,
      closing: closing.signal,
    }),
    ready: () => connection.time(),
    async close() {
      closing.abort();
      await connection.close();
    },
  };
}
