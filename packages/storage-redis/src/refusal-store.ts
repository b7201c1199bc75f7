import type { Clock, TenantId } from "@signet/protocol";
import { keptRefusals, type RefusalStore } from "@signet/storage";
import { groupOf, refusalOf, refusalText } from "@signet/storage/adapter";
import type { RedisConnection } from "./redis-connection.ts";
import { milliseconds } from "./tenant-epoch.ts";

/**
 * Keys: the tenant's refusals by their ids, the ids in the order of their coming, and the groups by the ids, each as 16 characters for the kind and a client.
 * Arguments: the refusal's id, the refusal, for how long to keep all of them, how many to keep, the refusal's group. Who goes is as in `crowdedOut`; of what an earlier
 * version recorded no group is known, and all of that is one.
 */
const recordLua = `
  local isNew = redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
  if isNew == 1 then redis.call('LPUSH', KEYS[2], ARGV[1]) end
  local function crowdedOut()
    local ids = redis.call('LRANGE', KEYS[2], 0, -1)
    local groups = redis.call('HMGET', KEYS[3], unpack(ids))
    local ofKind, ofGroup, mostOfKind, mostOfGroup = {}, {}, 0, 0
    for index = 1, #ids do
      local group = groups[index] or ''
      local kind = string.sub(group, 1, 16)
      groups[index] = group
      ofKind[kind] = (ofKind[kind] or 0) + 1
      ofGroup[group] = (ofGroup[group] or 0) + 1
      mostOfKind = math.max(mostOfKind, ofKind[kind])
    end
    local function isOfFullestKind(group) return ofKind[string.sub(group, 1, 16)] == mostOfKind end
    for group, count in pairs(ofGroup) do
      if isOfFullestKind(group) then mostOfGroup = math.max(mostOfGroup, count) end
    end
    for index = #ids, 1, -1 do
      if isOfFullestKind(groups[index]) and ofGroup[groups[index]] == mostOfGroup then return ids[index] end
    end
  end
  while redis.call('LLEN', KEYS[2]) > tonumber(ARGV[4]) do
    local id = crowdedOut()
    redis.call('LREM', KEYS[2], -1, id)
    redis.call('HDEL', KEYS[1], id)
    redis.call('HDEL', KEYS[3], id)
  end
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ARGV[3]) then redis.call('PEXPIRE', key, ARGV[3]) end
  end
`;

/**
 * A tenant's refusals are three keys, so that they are bounded and deleted as one. An id of a tenant is never used again: what is recorded while the tenant is
 * being deleted is found by nobody, and goes a day later.
 */
export function redisRefusalStore(connection: RedisConnection, prefix: string, clock: Clock): RefusalStore {
  const keysOf = (tenant: TenantId): [refusals: string, order: string, groups: string] => {
    const refusals = `${prefix}:refusal:{${tenant}}`;
    return [refusals, `${refusals}:order`, `${refusals}:groups`];
  };
  const record = connection.script(recordLua, 3);
  return {
    async record(refusal) {
      const { tenantId, id, expiresAt } = refusal;
      const { kind, clientId } = groupOf(refusal);
      const kept = milliseconds(expiresAt, clock);
      await record(...keysOf(tenantId), id, refusalText(refusal), kept, keptRefusals, `${kind}${clientId}`);
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
