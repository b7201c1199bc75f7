import type { Clock, CodeChallenge, SecretHash, TenantId, UserId } from "@signet/protocol";
import { later } from "@signet/protocol";
import { type AuthorizationCodeStore, replayMemoryMilliseconds, type StoredCode } from "@signet/storage";
import { integer, optionalText, requestedClaims, text, texts } from "@signet/storage/adapter";
import { keysOf, type Part, partOfHash, sixteenths } from "./keys.ts";
import { instantOf, recordOf, replyTexts } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { clockToleranceMilliseconds, epochLua, forgetTenant, milliseconds, newEpoch } from "./tenant-epoch.ts";

/** Keys: the epoch's, the code's. Arguments: a new epoch, how long to keep the code, the code, when it expires, its user's group, for how much of that it is remembered only. */
const saveLua = `
  ${epochLua}
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'code', ARGV[3], 'expiresAt', ARGV[4], 'group', ARGV[5], 'remembered', ARGV[6])
  redis.call('PEXPIRE', KEYS[2], milliseconds)
`;

/**
 * A code counts as expired by the clock of whoever redeems it, and by the time that has gone by at Redis: where the clocks of two replicas differ, it
 * outlives its end by the tolerance and no more.
 *
 * Keys: the epoch's, the code's, the notes'. Argument: now. Gives nothing; the code and when it was consumed before; or the code, null, and until when
 * there is a note of its user's group, if any.
 */
const consumeLua = `
  local epoch = redis.call('GET', KEYS[1])
  local stored = redis.call('HMGET', KEYS[2], 'epoch', 'code', 'expiresAt', 'consumedAt', 'group', 'remembered')
  if not epoch or epoch ~= stored[1] then return {} end
  if stored[4] then return {stored[2], stored[4]} end
  if tonumber(stored[3]) <= tonumber(ARGV[1]) then return {} end
  if stored[6] and redis.call('PTTL', KEYS[2]) <= tonumber(stored[6]) then return {} end
  redis.call('HSET', KEYS[2], 'consumedAt', ARGV[1])
  return {stored[2], false, redis.call('HGET', KEYS[3], stored[5])}
`;

/** Key: the notes'. Arguments: the user's group, until when the note is there, how long to keep it. */
const noteLua = `
  ${epochLua}
  local noted = redis.call('HGET', KEYS[1], ARGV[1])
  if not noted or tonumber(noted) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
  keep(KEYS[1], tonumber(ARGV[3]))
`;

export function redisAuthorizationCodeStore(connection: RedisConnection, prefix: string, clock: Clock): AuthorizationCodeStore {
  const keys = keysOf(prefix, "code");
  const keysFor = (tenant: TenantId, hash: SecretHash): [epoch: string, code: string] => {
    const part = partOfHash(hash);
    return [keys.epoch(tenant, part), keys.thing(tenant, part, hash)];
  };
  /** A code is consumed in one step with a look at the notes, so each part of the tenant's codes has all of them. */
  const notesKey = (tenant: TenantId, part: Part) => keys.thing(tenant, part, "changed-users");
  const save = connection.script(saveLua, 2);
  const consume = connection.script(consumeLua, 3);
  const note = connection.script(noteLua, 1);
  return {
    async save(code) {
      // No code is consumed once it has expired; so this is when the last replay of it has been remembered for long enough.
      const forgottenAt = later(code.expiresAt, replayMemoryMilliseconds);
      const kept = milliseconds(forgottenAt, clock);
      const remembered = kept - milliseconds(code.expiresAt, clock);
      const values = [newEpoch(), kept, toValue(code), code.expiresAt, groupOf(code.userId), remembered];
      await save(...keysFor(code.tenantId, code.hash), ...values);
    },
    async consume(tenant, hash, now) {
      const reply = await consume(...keysFor(tenant, hash), notesKey(tenant, partOfHash(hash)), now);
      const [value, consumedAt, notedUntil] = replyTexts(reply);
      if (value === undefined) return { kind: "unknown" };
      const code = codeOf(tenant, hash, value);
      if (consumedAt !== undefined) return { kind: "replayed", code, consumedAt: instantOf(consumedAt) };
      return { kind: "consumed", code, userMayHaveChanged: notedUntil !== undefined && instantOf(notedUntil) > now };
    },
    async noteUserChange(tenant, user, until) {
      // By the clocks of whoever notes and whoever consumes; Redis' own only reclaims, and no sooner than it does the codes.
      const end = later(until, clockToleranceMilliseconds);
      const kept = milliseconds(later(end, replayMemoryMilliseconds), clock);
      await Promise.all(sixteenths.map((part) => note(notesKey(tenant, part), groupOf(user), end, kept)));
    },
    deleteTenant: (tenant) => forgetTenant(connection, keys, tenant),
  };
}

/**
 * The 256th of the users whom a note is about: however many change, a tenant has no more than 16 times 256 notes. That now and then somebody is read
 * who did not change costs less than a note of each.
 */
function groupOf(user: UserId): string {
  return user.slice(0, 2);
}

/** Without what its key says. */
function toValue({ tenantId: _tenant, hash: _hash, ...code }: StoredCode): string {
  return JSON.stringify(code);
}

function codeOf(tenantId: TenantId, hash: SecretHash, value: string): StoredCode {
  const record = recordOf(value);
  const codeChallenge = optionalText<CodeChallenge>(record, "codeChallenge");
  const nonce = optionalText(record, "nonce");
  return {
    tenantId,
    hash,
    clientId: text(record, "clientId"),
    userId: text(record, "userId"),
    collection: text(record, "collection"),
    grantId: text(record, "grantId"),
    redirectUri: text(record, "redirectUri"),
    ...(codeChallenge !== undefined && { codeChallenge }),
    scopes: texts(record, "scopes"),
    requestedScopes: texts(record, "requestedScopes"),
    requestedClaims: requestedClaims(record),
    customClaims: texts(record, "customClaims"),
    ...(nonce !== undefined && { nonce }),
    authTime: integer(record, "authTime"),
    amr: texts(record, "amr"),
    sessionPublicId: text(record, "sessionPublicId"),
    epoch: integer(record, "epoch"),
    expiresAt: integer(record, "expiresAt"),
  };
}
