import {
  type ClientId,
  type Clock,
  parseClientId,
  type SecretHash,
  type SessionPublicId,
  type TenantId,
  type UserId,
} from "@signet/protocol";
import { maximumParticipants, type SessionStore, type StoredSession } from "@signet/storage";
import { integer, text, texts } from "@signet/storage/adapter";
import { keysOf, whole } from "./keys.ts";
import { recordOf } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { epochLua, forgetTenant, milliseconds, newEpoch, valueOfEpoch } from "./tenant-epoch.ts";

/**
 * Keys: the epoch's, the session's, the user's list of sessions, the clients' that take part, and the session's that is replaced, if any.
 * Arguments: a new epoch, how long to keep the session, the session, its hash, and the hash of the one that is replaced.
 *
 * The user's list is in the order of when Redis drops each session, by Redis' own clock; so it has every session that there is, loses what there is
 * no more with each new one, and goes with its last.
 */
const startLua = `
  ${epochLua}
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  redis.call('SET', KEYS[2], epoch .. ARGV[3], 'PX', milliseconds)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now))
  redis.call('ZADD', KEYS[3], string.format('%.0f', now + milliseconds + 1), ARGV[4])
  keep(KEYS[3], milliseconds + 1)
  keep(KEYS[4], milliseconds)
  if KEYS[5] then
    redis.call('DEL', KEYS[5])
    redis.call('ZREM', KEYS[3], ARGV[5])
  end
`;

/**
 * Keys: the epoch's, the clients' that take part, the session's. Arguments: a new epoch, how long to keep the client, the client, how many there may be. Gives 0
 * where the session is no more.
 */
const joinLua = `
  ${epochLua}
  if redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
  local milliseconds = tonumber(ARGV[2])
  local epoch = epochOf(KEYS[1], ARGV[1], milliseconds)
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  redis.call('ZADD', KEYS[2], 'NX', string.format('%.0f', now), epoch .. ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - ARGV[4])
  keep(KEYS[2], milliseconds)
  return 1
`;

/** Keys: the user's list of sessions, the sessions'. Arguments: the sessions' hashes. */
const endLua = `
  redis.call('DEL', unpack(KEYS, 2))
  redis.call('ZREM', KEYS[1], unpack(ARGV))
`;

/** How many sessions of a user end in one step: so many that it is one for almost everyone, so few that it never holds Redis up. */
const batch = 500;

export function redisSessionStore(connection: RedisConnection, prefix: string, clock: Clock): SessionStore {
  const keys = keysOf(prefix, "session", [whole]);
  const epochKey = (tenant: TenantId) => keys.epoch(tenant, whole);
  const sessionKey = (tenant: TenantId, hash: string) => keys.thing(tenant, whole, hash);
  const userKey = (tenant: TenantId, user: UserId) => keys.thing(tenant, whole, `user:${user}`);
  const participantsKey = (tenant: TenantId, session: SessionPublicId) => keys.thing(tenant, whole, `clients:${session}`);
  const start = connection.script(startLua);
  const join = connection.script(joinLua, 3);
  const endListed = connection.script(endLua);

  async function findAll(tenant: TenantId, hashes: readonly string[]): Promise<readonly StoredSession[]> {
    const sessionKeys = hashes.map((hash) => sessionKey(tenant, hash));
    const [epoch, ...stored] = await connection.run((client) => client.mget(epochKey(tenant), ...sessionKeys));
    return hashes.flatMap((hash, index) => {
      const value = valueOfEpoch(epoch, stored[index]);
      return value === undefined ? [] : [sessionOf(tenant, text({ hash }, "hash"), value)];
    });
  }

  return {
    async start(session, replaced) {
      const { tenantId, hash, userId, publicId } = session;
      const touched = [
        epochKey(tenantId),
        sessionKey(tenantId, hash),
        userKey(tenantId, userId),
        participantsKey(tenantId, publicId),
      ];
      const values = [newEpoch(), milliseconds(session.expiresAt, clock), toValue(session), hash];
      if (replaced === undefined) await start(touched.length, ...touched, ...values);
      else await start(touched.length + 1, ...touched, sessionKey(tenantId, replaced), ...values, replaced);
    },
    async find(tenant, hash, now) {
      const [epoch, stored] = await connection.run((client) => client.mget(epochKey(tenant), sessionKey(tenant, hash)));
      const value = valueOfEpoch(epoch, stored);
      const session = value === undefined ? undefined : sessionOf(tenant, hash, value);
      return session !== undefined && session.expiresAt > now ? session : undefined;
    },
    async end(tenant, hash) {
      await connection.run((client) => client.del(sessionKey(tenant, hash)));
    },
    async join({ tenantId, hash, publicId, expiresAt }, client) {
      const touched = [epochKey(tenantId), participantsKey(tenantId, publicId), sessionKey(tenantId, hash)];
      return (await join(...touched, newEpoch(), milliseconds(expiresAt, clock), client, maximumParticipants)) === 1;
    },
    async participants(tenant, session) {
      // That Redis still has the list says that the session's time is not over, by its tolerance.
      const [epoch, members] = await connection.run((client) =>
        Promise.all([client.get(epochKey(tenant)), client.zrange(participantsKey(tenant, session), "0", "-1")]),
      );
      return members.flatMap((member) => clientIdIn(valueOfEpoch(epoch, member)));
    },
    async ofUser(tenant, user, now, { limit, cursor = "0" }) {
      const first = Number(cursor);
      const hashes = await connection.run((client) => client.zrange(userKey(tenant, user), String(first), String(first + limit)));
      const page = hashes.slice(0, limit);
      const found = page.length === 0 ? [] : await findAll(tenant, page);
      const items = found.filter(({ userId, expiresAt }) => userId === user && expiresAt > now);
      return hashes.length > limit ? { items, nextCursor: String(first + limit) } : { items };
    },
    async endOfUser(tenant, user) {
      // Not one step, and need not be: a session that is not in the list when it is read begins after this call.
      const list = userKey(tenant, user);
      for (;;) {
        const hashes = await connection.run((client) => client.zrange(list, "0", `${batch - 1}`));
        const ended = hashes.map((hash) => sessionKey(tenant, hash));
        if (hashes.length > 0) await endListed(1 + ended.length, list, ...ended, ...hashes);
        if (hashes.length < batch) return;
      }
    },
    deleteTenant: (tenant) => forgetTenant(connection, keys, tenant),
  };
}

/** Without what its key says. */
function toValue({ tenantId: _tenant, hash: _hash, ...session }: StoredSession): string {
  return JSON.stringify(session);
}

function sessionOf(tenantId: TenantId, hash: SecretHash, value: string): StoredSession {
  const record = recordOf(value);
  return {
    tenantId,
    hash,
    publicId: text(record, "publicId"),
    userId: text(record, "userId"),
    authTime: integer(record, "authTime"),
    amr: texts(record, "amr"),
    expiresAt: integer(record, "expiresAt"),
  };
}

function clientIdIn(value: string | undefined): readonly ClientId[] {
  const client = value === undefined ? undefined : parseClientId(value);
  return client === undefined ? [] : [client];
}
