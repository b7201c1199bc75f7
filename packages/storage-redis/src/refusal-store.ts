import type { Clock, TenantId } from "@signet/protocol";
import { keptRefusals, type RefusalStore } from "@signet/storage";
import { refusalOf, refusalText } from "@signet/storage/adapter";
import type { RedisConnection } from "./redis-connection.ts";
import { milliseconds } from "./tenant-epoch.ts";

/**
 * Keys: the tenant's refusals by their ids, and the ids in the order of their coming. Arguments: the refusal's id, the refusal, for how long to keep all of
 * them, how many to keep.
 */
const recordLua = `
  local isNew = redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  if isNew == 1 then redis.call('LPUSH', KEYS[2], ARGV[1]) end
  while redis.call('LLEN', KEYS[2]) > tonumber(ARGV[4]) do
    redis.call('HDEL', KEYS[1], redis.call('RPOP', KEYS[2]))
  end
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ARGV[3]) then redis.call('PEXPIRE', key, ARGV[3]) end
  end
`;

/**
 * A tenant's refusals are two keys, so that they are bounded and deleted as one. An id of a tenant is never used again: what is recorded while the tenant is
 * being deleted is found by nobody, and goes a day later.
 */
export function redisRefusalStore(connection: RedisConnection, prefix: string, clock: Clock): RefusalStore {
  const keysOf = (tenant: TenantId): [refusals: string, order: string] => {
    const refusals = `${prefix}:refusal:{${tenant}}`;
    return [refusals, `${refusals}:order`];
  };
  const record = connection.script(recordLua, 2);
  return {
    async record(refusal) {
      const { tenantId, id, expiresAt } = refusal;
      await record(...keysOf(tenantId), id, refusalText(refusal), milliseconds(expiresAt, clock), keptRefusals);
    },
    async find(tenant, id, now) {
      const [refusals] = keysOf(tenant);
      const stored = await connection.run((client) => client.hget(refusals, id));
      if (stored === null) return undefined;
      const refusal = refusalOf(tenant, id, stored);
      return refusal.expiresAt > now ? refusal : undefined;
    },
    async deleteTenant(tenant) {
      await connection.run((client) => client.del(...keysOf(tenant)));
    },
  };
}
