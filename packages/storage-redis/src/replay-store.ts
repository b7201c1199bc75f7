import type { Clock } from "@signet/protocol";
import type { ReplayStore } from "@signet/storage";
import { keysOf, partOfHash } from "./keys.ts";
import { instantOf } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { milliseconds } from "./tenant-epoch.ts";

/**
 * Key: the memory's. Argument: now. Gives since when this run of this server remembers. A server that was started anew may have lost its last second, and a
 * replica that was promoted may not have heard of it: each has a run id of its own.
 */
const beginLua = `
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
  local memory = redis.call('HMGET', KEYS[1], 'run', 'since')
  if memory[1] == run then return memory[2] end
  redis.call('HSET', KEYS[1], 'run', run, 'since', ARGV[1])
  return ARGV[1]
`;

/**
 * A key for each thing that was used, and one that says since when Redis remembers: where that is gone, so are the others, and where it is of an earlier run of the
 * server, some of them may be. What could have been used before now is then refused (cases X4, X5, X8).
 */
export function redisReplayStore(connection: RedisConnection, prefix: string, clock: Clock): ReplayStore {
  const keys = keysOf(prefix, "replay");
  const memoryKey = `${prefix}:replay:{memory-of-run}`;
  const script = connection.script(beginLua, 1);
  /** Since when it remembers: `now` where it does not yet. */
  const begin = async (now: number) => instantOf(String(await script(memoryKey, now)));
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
