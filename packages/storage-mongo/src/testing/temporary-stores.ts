import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { type MongoStores, type MongoStoresOptions, openMongoStores } from "../mongo-stores.ts";

/** Stores on `database`, closed at the end of the test. */
export function temporaryStores(
  { url }: { readonly url: string },
  options: Omit<MongoStoresOptions, "url"> & { readonly database: string },
): MongoStores {
  // The contracts of a busy machine's stores are about what happens, not about how soon.
  const stores = openMongoStores({ deadlineMilliseconds: 30_000, ...options, url });
  onTestFinished(() => stores.close());
  return stores;
}

/** Names that no database has yet, of databases that are deleted after the last test. */
export function temporaryDatabases(server: { readonly url: string }): () => string {
  const names: string[] = [];
  const client = driver(server);
  afterAll(async () => {
    for (const name of names) await client().db(name).dropDatabase();
  });
  return () => {
    const name = `signet_test_${randomBytes(8).toString("hex")}`;
    names.push(name);
    return name;
  };
}

/** The driver itself, for what stores do not show. */
export function driver(server: { readonly url: string }): () => MongoClient {
  let client: MongoClient | undefined;
  beforeAll(() => {
    client = new MongoClient(server.url);
  });
  afterAll(() => client?.close());
  return () => {
    if (client === undefined) throw new Error("the tests have yet to begin");
    return client;
  };
}
