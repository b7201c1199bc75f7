export { openRedisStores, type RedisStores, type RedisStoresOptions } from "./redis-stores.ts";
