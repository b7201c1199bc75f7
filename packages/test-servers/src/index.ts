export { freePort } from "./free-port.ts";
export { type MongodServer, mongodServer } from "./mongod-server.ts";
export { OneWriteAtATime } from "./one-write-at-a-time.ts";
export { type RedisServer, type RedisServerOptions, redisServer } from "./redis-server.ts";
export { isOnPath, ServerProcess, type ServerProgram } from "./server-process.ts";
