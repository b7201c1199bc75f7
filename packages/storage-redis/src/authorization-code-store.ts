import type { Clock, CodeChallenge, SecretHash, TenantId } from "@signet/protocol";
import { later } from "@signet/protocol";
import { type AuthorizationCodeStore, replayMemoryMilliseconds, type StoredCode } from "@signet/storage";
import { keysOf, partOfHash } from "./keys.ts";
import { instantOf, integer, optionalText, recordOf, replyTexts, text, texts } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { epochLua, forgetTenant, milliseconds, newEpoch } from "./tenant-epoch.ts";

/** Keys: the epoch's, the code's. Arguments: a new epoch, how long to keep the code, the code, when it expires. */
const saveLua = `
  ${epochLua}
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'code', ARGV[3], 'expiresAt', ARGV[4])
  redis.call('PEXPIRE', KEYS[2], milliseconds)
`;

/** Keys: the epoch's, the code's. Argument: now. Gives nothing, the code, or the code and when it was consumed. */
const consumeLua = `
  local epoch = redis.call('GET', KEYS[1])
  local stored = redis.call('HMGET', KEYS[2], 'epoch', 'code', 'expiresAt', 'consumedAt')
  if not epoch or epoch ~= stored[1] then return {} end
  if stored[4] then return {stored[2], stored[4]} end
  if tonumber(stored[3]) <= tonumber(ARGV[1]) then return {} end
  redis.call('HSET', KEYS[2], 'consumedAt', ARGV[1])
  return {stored[2]}
`;

export function redisAuthorizationCodeStore(connection: RedisConnection, prefix: string, clock: Clock): AuthorizationCodeStore {
  const keys = keysOf(prefix, "code");
  const keysFor = (tenant: TenantId, hash: SecretHash): [epoch: string, code: string] => {
    const part = partOfHash(hash);
    return [keys.epoch(tenant, part), keys.thing(tenant, part, hash)];
  };
  const save = connection.script("saveCode", { lua: saveLua, numberOfKeys: 2 });
  const consume = connection.script("consumeCode", { lua: consumeLua, numberOfKeys: 2 });
  return {
    async save(code) {
      // No code is consumed once it has expired; so this is when the last replay of it has been remembered for long enough.
      const forgottenAt = later(code.expiresAt, replayMemoryMilliseconds);
      const values = [newEpoch(), milliseconds(forgottenAt, clock), toValue(code), code.expiresAt];
      await save(...keysFor(code.tenantId, code.hash), ...values);
    },
    async consume(tenant, hash, now) {
      const [value, consumedAt] = replyTexts(await consume(...keysFor(tenant, hash), now));
      if (value === undefined) return { kind: "unknown" };
      const code = codeOf(tenant, hash, value);
      return consumedAt === undefined
        ? { kind: "consumed", code }
        : { kind: "replayed", code, consumedAt: instantOf(consumedAt) };
    },
    deleteTenant: (tenant) => forgetTenant(connection, keys, tenant),
  };
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
    grantId: text(record, "grantId"),
    redirectUri: text(record, "redirectUri"),
    ...(codeChallenge !== undefined && { codeChallenge }),
    scopes: texts(record, "scopes"),
    requestedScopes: texts(record, "requestedScopes"),
    customClaims: texts(record, "customClaims"),
    ...(nonce !== undefined && { nonce }),
    authTime: integer(record, "authTime"),
    amr: texts(record, "amr"),
    sessionPublicId: text(record, "sessionPublicId"),
    epoch: integer(record, "epoch"),
    expiresAt: integer(record, "expiresAt"),
  };
}
