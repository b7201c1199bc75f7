import { randomUUID } from "node:crypto";
import type { Clock, Instant, TenantId } from "@signet/protocol";
import type { Keys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";

/**
 * A tenant's epoch is a random word. What is stored bears the word of its time, and counts only for as long as that is still the tenant's word. To
 * forget the word is to delete everything of the tenant: at once, in one small step, however much there is, and also what is being written at that
 * moment and will never be found in a list. What is written afterwards gets a new word.
 *
 * A word lives as long as the last thing that bears it, so there is nothing to clean up; and a Redis that lost it has lost those things too, as
 * far as anyone can see.
 */
const epochLength = 16;

/** A word that nothing bears yet: 64 random bits. A UUID's come from a pool of node:crypto's; drawn for each write they cost as much as the rest of it. */
export function newEpoch(): string {
  const uuid = randomUUID();
  return uuid.slice(-12) + uuid.slice(0, 4);
}

/** Lua: `keep` prolongs the life of a key, `epochOf` gives the tenant's word, which is `candidate` where it has none. */
export const epochLua = `
  local function keep(key, milliseconds)
    if redis.call('PTTL', key) < milliseconds then redis.call('PEXPIRE', key, milliseconds) end
  end
  local function epochOf(key, candidate, milliseconds)
    local epoch = redis.call('GET', key)
    if epoch then
      -- Set, not PEXPIRE: a full Redis refuses a script by its first write, and only one that may take room (case X7).
      if redis.call('PTTL', key) < milliseconds then redis.call('SET', key, epoch, 'PX', milliseconds) end
      return epoch
    end
    redis.call('SET', key, candidate, 'PX', milliseconds)
    return candidate
  end
`;

/** Lua: stores a value that bears the tenant's word. Keys: the epoch's, the value's. Arguments: a new epoch, how long to keep it, the value. */
export const saveValueLua = `
  ${epochLua}
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  redis.call('SET', KEYS[2], epoch .. ARGV[3], 'PX', milliseconds)
`;

/** The value behind the word that it bears, if that is the tenant's word now. */
export function valueOfEpoch(epoch: string | null | undefined, stored: string | null | undefined): string | undefined {
  if (typeof epoch !== "string" || typeof stored !== "string" || !stored.startsWith(epoch)) return undefined;
  return stored.slice(epochLength);
}

/** Deletes everything of the tenant that has these keys. */
export async function forgetTenant(connection: RedisConnection, keys: Keys, tenant: TenantId): Promise<void> {
  await Promise.all(keys.epochs(tenant).map((epoch) => connection.run((client) => client.del(epoch))));
}

/** How far the clocks of two replicas may be apart without the one's Redis forgetting what is alive for the other. */
export const clockToleranceMilliseconds = 60_000;

/**
 * For how long Redis keeps what ends at `end`. That only reclaims space: whether something has expired is decided on reading. It is a span, not a
 * moment, so that Redis' own clock does not matter.
 */
export function milliseconds(end: Instant, clock: Clock): number {
  return Math.max(0, end - clock()) + clockToleranceMilliseconds;
}
