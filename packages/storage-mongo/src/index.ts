export { type MongoStores, type MongoStoresOptions, openMongoStores } from "./mongo-stores.ts";
