import type { AccountChoice, Clock, InteractionId, JsonObject, SecretHash, TenantId } from "@signet/protocol";
import type { InteractionStore, StoredInteraction } from "@signet/storage";
import { integer, optionalObject, optionalText, text } from "@signet/storage/adapter";
import { keysOf, partOfId } from "./keys.ts";
import { recordOf, replyTexts } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { epochLua, forgetTenant, milliseconds, newEpoch } from "./tenant-epoch.ts";

/** Keys: the epoch's, the interaction's. Arguments: a new epoch, how long to keep the interaction, it, when it expires; the session and the choice, each empty where there is none. */
const saveLua = `
  ${epochLua}
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'interaction', ARGV[3], 'expiresAt', ARGV[4])
  if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'session', ARGV[5]) end
  if ARGV[6] ~= '' then redis.call('HSET', KEYS[2], 'choice', ARGV[6]) end
  redis.call('PEXPIRE', KEYS[2], milliseconds)
`;

/** Lua: the interaction, its session and choice; false where there is none, or it has expired. Keys: the epoch's, the interaction's. Argument: now. */
const openLua = `
  local function open()
    local epoch = redis.call('GET', KEYS[1])
    local stored = redis.call('HMGET', KEYS[2], 'epoch', 'expiresAt', 'interaction', 'session', 'choice')
    if not epoch or epoch ~= stored[1] then return false end
    if tonumber(stored[2]) <= tonumber(ARGV[1]) then return false end
    return {stored[3], stored[4], stored[5]}
  end
`;

const findLua = `
  ${openLua}
  return open() or {}
`;

/** Argument: the session, beside now. */
const signedInLua = `
  ${openLua}
  if not open() then return 0 end
  redis.call('HSET', KEYS[2], 'session', ARGV[2])
  return 1
`;

/** Argument: the choice, beside now. */
const choseLua = `
  ${openLua}
  if not open() then return 0 end
  redis.call('HSET', KEYS[2], 'choice', ARGV[2])
  return 1
`;

const finishLua = `
  ${openLua}
  local found = open()
  if not found then return {} end
  redis.call('DEL', KEYS[2])
  return found
`;

export function redisInteractionStore(connection: RedisConnection, prefix: string, clock: Clock): InteractionStore {
  const keys = keysOf(prefix, "interaction");
  const keysFor = (tenant: TenantId, id: InteractionId): [epoch: string, interaction: string] => {
    const part = partOfId(id);
    return [keys.epoch(tenant, part), keys.thing(tenant, part, id)];
  };
  const save = connection.script(saveLua, 2);
  const find = connection.script(findLua, 2);
  const signedIn = connection.script(signedInLua, 2);
  const chose = connection.script(choseLua, 2);
  const finish = connection.script(finishLua, 2);
  return {
    async save(interaction) {
      const { tenantId, id, expiresAt, sessionHash = "", choice = "" } = interaction;
      const values = [newEpoch(), milliseconds(expiresAt, clock), toValue(interaction), expiresAt];
      await save(...keysFor(tenantId, id), ...values, sessionHash, choice);
    },
    async find(tenant, id, now) {
      return interactionOf(tenant, id, await find(...keysFor(tenant, id), now));
    },
    async signedIn(tenant, id, session, now) {
      return (await signedIn(...keysFor(tenant, id), now, session)) === 1 ? "noted" : "unknown";
    },
    async chose(tenant, id, choice, now) {
      return (await chose(...keysFor(tenant, id), now, choice)) === 1 ? "noted" : "unknown";
    },
    async finish(tenant, id, now) {
      return interactionOf(tenant, id, await finish(...keysFor(tenant, id), now));
    },
    deleteTenant: (tenant) => forgetTenant(connection, keys, tenant),
  };
}

/** Without what its key says, and without the session and the choice, which may be noted later. */
function toValue({
  tenantId: _tenant,
  id: _id,
  sessionHash: _session,
  choice: _choice,
  ...interaction
}: StoredInteraction): string {
  return JSON.stringify(interaction);
}

function interactionOf(tenantId: TenantId, id: InteractionId, reply: unknown): StoredInteraction | undefined {
  const [value, session, chosen] = replyTexts(reply);
  if (value === undefined) return undefined;
  const record = recordOf(value);
  const request = optionalObject<JsonObject>(record, "request");
  const sessionHash = optionalText<SecretHash>({ session }, "session");
  const choice = optionalText<AccountChoice>({ chosen }, "chosen");
  return {
    tenantId,
    id,
    secretHash: text(record, "secretHash"),
    ...(request !== undefined && { request }),
    ...(sessionHash !== undefined && { sessionHash }),
    ...(choice !== undefined && { choice }),
    expiresAt: integer(record, "expiresAt"),
  };
}
