import { Redis } from "ioredis";
import type { Adapter, AdapterPayload } from "oidc-provider";

/** Models whose entries are used once: a hash, so that their use is noted without the payload being written anew. */
const consumables: ReadonlySet<string> = new Set(["AuthorizationCode", "RefreshToken"]);
/** Models whose entries end with their grant. */
const grantables: ReadonlySet<string> = new Set(["AccessToken", "AuthorizationCode", "RefreshToken"]);

const scripts = {
  /** An entry that has expired in the meantime must not come back as one without an end. */
  consume: {
    numberOfKeys: 1,
    lua: "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'consumed', ARGV[1]) end",
  },
  findByUid: {
    numberOfKeys: 1,
    lua: "local id = redis.call('GET', KEYS[1]) if id then return redis.call('GET', ARGV[1] .. id) end return nil",
  },
  revokeGrant: {
    numberOfKeys: 1,
    lua: "for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', key) end redis.call('DEL', KEYS[1])",
  },
};

export interface RedisAdapters {
  readonly adapterOf: (model: string) => Adapter;
  close(): void;
}

/**
 * The peer's state in Redis: one round trip for each operation, every key with an end. What is asked for in one turn of the event loop travels together.
 */
export function redisAdapters(url: string): RedisAdapters {
  const redis = new Redis(url, { enableAutoPipelining: true });
  const run = (name: keyof typeof scripts) => script(redis, name);
  const [consume, findByUid, revokeGrant] = [run("consume"), run("findByUid"), run("revokeGrant")];
  const adapterOf = (model: string): Adapter => {
    const isConsumable = consumables.has(model);
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      async find(id) {
        return isConsumable
          ? consumableIn(await redis.hmget(keyOf(id), "payload", "consumed"))
          : payloadIn(await redis.get(keyOf(id)));
      },
      async upsert(id, payload, expiresInSeconds) {
        const key = keyOf(id);
        const text = JSON.stringify(payload);
        const writes: Promise<unknown>[] = [];
        // The indexes go first: were the connection to break between them, an index that leads nowhere does no harm.
        if (grantables.has(model) && payload.grantId !== undefined)
          writes.push(...member(redis, payload.grantId, key, expiresInSeconds));
        if (model === "Session" && payload.uid !== undefined) writes.push(save(redis, uidKey(payload.uid), id, expiresInSeconds));
        if (isConsumable) writes.push(redis.hset(key, "payload", text), ...expiry(redis, key, expiresInSeconds));
        else writes.push(save(redis, key, text, expiresInSeconds));
        await Promise.all(writes);
      },
      findByUid: async (uid) => payloadIn(await findByUid(uidKey(uid), keyOf(""))),
      findByUserCode: async () => undefined,
      async consume(id) {
        await consume(keyOf(id), Math.floor(Date.now() / 1000));
      },
      async destroy(id) {
        await redis.del(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        await revokeGrant(grantKey(grantId));
      },
    };
  };
  return { adapterOf, close: () => redis.disconnect() };
}

const uidKey = (uid: string) => `uid:${uid}`;
const grantKey = (grantId: string) => `grant:${grantId}`;

/** The script, which the driver sends in full only once over its connection. */
function script(
  redis: Redis,
  name: keyof typeof scripts,
): (...keysAndArguments: readonly (string | number)[]) => Promise<unknown> {
  redis.defineCommand(name, scripts[name]);
  const command: unknown = Reflect.get(redis, name);
  if (typeof command !== "function") throw new Error(`the driver has no command ${name}`);
  return async (...keysAndArguments) => Reflect.apply(command, redis, keysAndArguments);
}

function save(redis: Redis, key: string, text: string, seconds: number | undefined): Promise<unknown> {
  return seconds === undefined ? redis.set(key, text) : redis.set(key, text, "EX", seconds);
}

function expiry(redis: Redis, key: string, seconds: number | undefined): Promise<unknown>[] {
  return seconds === undefined ? [] : [redis.expire(key, seconds)];
}

/** A grant's index lives as long as the longest of its members: NX gives it an end, GT puts that off. */
function member(redis: Redis, grantId: string, key: string, seconds: number | undefined): Promise<unknown>[] {
  const index = grantKey(grantId);
  const added = redis.sadd(index, key);
  return seconds === undefined ? [added] : [added, redis.expire(index, seconds, "NX"), redis.expire(index, seconds, "GT")];
}

function consumableIn([text, consumed]: readonly (string | null)[]): AdapterPayload | undefined {
  const payload = payloadIn(text);
  return payload === undefined || typeof consumed !== "string" ? payload : { ...payload, consumed: Number(consumed) };
}

/** What `upsert` wrote. */
function payloadIn(text: unknown): AdapterPayload | undefined {
  if (typeof text !== "string") return undefined;
  const payload: AdapterPayload = JSON.parse(text);
  return payload;
}
