import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { openRedisStores, type RedisStores, type RedisStoresOptions } from "../redis-stores.ts";

/** Stores under a prefix of their own unless one is given, so that they are empty; closed at the end of the test. */
export function temporaryStores({ url }: { readonly url: string }, options: Omit<RedisStoresOptions, "url"> = {}): RedisStores {
  const stores = openRedisStores({ prefix: aPrefix(), ...options, url });
  onTestFinished(() => stores.close());
  return stores;
}

/** A prefix that no key has yet. */
export function aPrefix(): string {
  return `test-${randomBytes(8).toString("hex")}`;
}
