import { afterAll, beforeAll, describe, test } from "vitest";
import { type MongodServer, mongodServer } from "./mongod-server.ts";
import { type RedisServer, type RedisServerOptions, redisServer } from "./redis-server.ts";
import { isOnPath } from "./server-process.ts";

/** Defines tests on the Redis that SIGNET_TEST_REDIS_URL names, else on a redis-server of their own. */
export function withRedis(define: (redis: { readonly url: string }) => void): void {
  const url = process.env.SIGNET_TEST_REDIS_URL;
  if (url === undefined || url === "") withRedisServer({}, define);
  else describe("on the Redis of SIGNET_TEST_REDIS_URL", () => define({ url }));
}

/** Defines tests on a redis-server of their own, which they may kill, pause and start again. It runs when the first of them begins. */
export function withRedisServer(options: RedisServerOptions, define: (server: RedisServer) => void): void {
  if (!isOnPath("redis-server")) {
    withoutServer("redis-server is not on PATH");
    return;
  }
  describe("on a redis-server", () => {
    const server = redisServer(options);
    beforeAll(() => server.start());
    afterAll(() => server.end());
    define(server);
  });
}

/** Defines tests on the MongoDB that SIGNET_TEST_MONGODB_URL names, else on a mongod of their own. */
export function withMongoDB(define: (mongo: { readonly url: string }) => void): void {
  const url = process.env.SIGNET_TEST_MONGODB_URL;
  if (url === undefined || url === "") withMongodServer(define);
  else describe("on the MongoDB of SIGNET_TEST_MONGODB_URL", () => define({ url }));
}

/** Defines tests on a mongod of their own, which they may kill, pause and start again. It runs when the first of them begins. */
export function withMongodServer(define: (server: MongodServer) => void): void {
  if (!isOnPath("mongod")) {
    withoutServer("mongod is not on PATH");
    return;
  }
  describe("on a mongod", () => {
    const server = mongodServer();
    beforeAll(() => server.start());
    afterAll(() => server.end());
    define(server);
  });
}

/** Says what is missing. In CI that is a failure: nothing may be skipped there. */
export function withoutServer(missing: string): void {
  if (process.env.CI === undefined || process.env.CI === "") test.skip(`needs a server: ${missing}`);
  else
    test(`a server is there: ${missing}`, () => {
      throw new Error(`${missing}, and CI skips no test`);
    });
}
