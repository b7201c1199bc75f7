import type { Clock } from "@signet/protocol";
import type { ReplayStore } from "@signet/storage";
import { keysOf, partOfHash } from "./keys.ts";
import { instantOf } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { milliseconds } from "./tenant-epoch.ts";

/**
 * A key for each thing that was used, and one that says since when Redis remembers: where that is gone, so are the others, and what could have been used
 * before now is refused (case X5).
 */
export function redisReplayStore(connection: RedisConnection, prefix: string, clock: Clock): ReplayStore {
  const keys = keysOf(prefix, "replay");
  const memoryKey = `${prefix}:replay:{memory}`;
  /** Since when it remembers: `now` where it does not yet. */
  const begin = async (now: number) => {
    const since = await connection.run((client) => client.set(memoryKey, String(now), "NX", "GET"));
    return since === null ? now : instantOf(since);
  };
  return {
    async begin(now) {
      await begin(now);
    },
    async use(tenant, { hash, usableFrom, usableUntil }, now) {
      const key = keys.thing(tenant, partOfHash(hash), hash);
      const kept = milliseconds(usableUntil, clock);
      // Both are on their way before either is answered, in this order: a memory that is whole now was so when the thing was used.
      const [isFirst, since] = await Promise.all([
        connection.run((client) => client.set(key, "1", "PX", kept, "NX")),
        begin(now),
      ]);
      if (isFirst === null) return "replayed";
      return usableFrom < since ? "forgotten" : "first";
    },
  };
}
