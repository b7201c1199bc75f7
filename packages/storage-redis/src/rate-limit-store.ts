import type { RateLimit, RateLimitBucket, RateLimitTaken } from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import type { RedisConnection } from "./redis-connection.ts";
import { clockToleranceMilliseconds } from "./tenant-epoch.ts";

/**
 * Lua: what is used of the bucket now, as `usedAt` of the protocol reckons it, and how it is kept until nothing of it is left.
 * Keys: the bucket's. Arguments: how many the limit counts, its window, now, what a take costs.
 */
const bucketLua = `
  local count, window, now, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  local tolerance = ${clockToleranceMilliseconds}
  local stored = redis.call('GET', KEYS[1])
  local used, at, keptAt = 0, now, now
  if stored then
    local separator = string.find(stored, ' ', 1, true)
    used, keptAt = tonumber(string.sub(stored, 1, separator - 1)), tonumber(string.sub(stored, separator + 1))
    used, at = math.min(used, count), keptAt
    local elapsed = now - at
    if elapsed >= 0 then used, at = math.max(0, used - elapsed * count / window), now
    elseif elapsed < -tolerance then at = now end
  end
  local function keep(used)
    local milliseconds = math.ceil(used * window / count) + tolerance
    redis.call('SET', KEYS[1], string.format('%.9f %.0f', used, at), 'PX', string.format('%.0f', milliseconds))
  end
`;

/** Gives -1 where it took, or else how many milliseconds it takes until there is room. */
const takeLua = `
  ${bucketLua}
  local missing = used + cost - count
  if missing <= 0.000001 then
    keep(used + cost)
    return -1
  end
  -- Noted only where time goes on from where a clock was set back to, as takeFrom of the protocol does.
  if at < keptAt then keep(used) end
  return math.ceil(missing * window / count)
`;

const giveBackLua = `
  ${bucketLua}
  if stored then keep(math.max(0, used - cost)) end
`;

/** Each bucket is a key that has a slot of its own: no step concerns two. */
export function redisRateLimitStore(connection: RedisConnection, prefix: string): RateLimitStore {
  const keyOf = (bucket: RateLimitBucket) => `${prefix}:rate-limit:${bucket}`;
  const take = connection.script(takeLua, 1);
  const giveBack = connection.script(giveBackLua, 1);
  const numbers = ({ count, windowMilliseconds }: RateLimit) => [count, windowMilliseconds];
  return {
    take: async (bucket, limit, now, cost = 1) => takenOf(await take(keyOf(bucket), ...numbers(limit), now, cost)),
    async giveBack(bucket, limit, now) {
      await giveBack(keyOf(bucket), ...numbers(limit), now, 1);
    },
    async clear(bucket) {
      await connection.run((client) => client.del(keyOf(bucket)));
    },
  };
}

function takenOf(reply: unknown): RateLimitTaken {
  if (typeof reply !== "number") throw new Error("what Redis answered is not a number");
  return reply < 0 ? { kind: "taken" } : { kind: "refused", retryAfterMilliseconds: reply };
}
