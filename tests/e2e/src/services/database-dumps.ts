import { Redis } from "ioredis";
import { BSON, MongoClient } from "mongodb";

/** Every document of every collection of every database, and every index: as MongoDB has them, which is where texts and bytes are found as they are. */
export async function dumpOfMongodb(url: string): Promise<{ readonly bytes: Buffer; readonly collections: readonly string[] }> {
  const client = new MongoClient(url, { directConnection: true });
  try {
    const parts: Uint8Array[] = [];
    const collections: string[] = [];
    for (const { name } of (await client.db("admin").admin().listDatabases()).databases) {
      for (const collection of await client.db(name).collections()) {
        collections.push(`${name}.${collection.collectionName}`);
        for await (const document of collection.find({})) parts.push(BSON.serialize(document));
        for (const index of await collection.indexes()) parts.push(BSON.serialize(index));
      }
    }
    return { bytes: Buffer.concat(parts), collections };
  } finally {
    await client.close();
  }
}

/** Every key with its value, whatever its type. */
export async function dumpOfRedis(url: string): Promise<{ readonly bytes: Buffer; readonly keys: readonly string[] }> {
  const redis = new Redis(url);
  try {
    const parts: Buffer[] = [];
    const keys: string[] = [];
    for await (const page of redis.scanStream({ count: 100 })) {
      for (const key of page) {
        keys.push(String(key));
        parts.push(Buffer.from(String(key)), ...(await valuesOf(redis, String(key))));
      }
    }
    return { bytes: Buffer.concat(parts), keys };
  } finally {
    redis.disconnect();
  }
}

const readings: Readonly<Record<string, (key: string) => [command: string, ...parameters: string[]]>> = {
  string: (key) => ["GET", key],
  hash: (key) => ["HGETALL", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1"],
  stream: (key) => ["XRANGE", key, "-", "+"],
};

async function valuesOf(redis: Redis, key: string): Promise<Buffer[]> {
  const type = await redis.type(key);
  if (type === "none") return [];
  const reading = readings[type];
  if (reading === undefined) throw new Error(`a ${type} cannot be read`);
  return buffersIn(await redis.callBuffer(...reading(key)));
}

function buffersIn(reply: unknown): Buffer[] {
  if (Buffer.isBuffer(reply)) return [reply];
  return Array.isArray(reply) ? reply.flatMap(buffersIn) : [];
}
