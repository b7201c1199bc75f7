import { Redis } from "ioredis";
import { onTestFinished } from "vitest";

/** A connection for what a test does to Redis itself; ends with the test. */
export function direct({ url }: { readonly url: string }): Redis {
  const client = new Redis(url);
  // Tests end servers; the commands that matter fail by themselves.
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** Every key that begins with `prefix`. */
export async function keysWith(client: Redis, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const batch of client.scanStream({ match: `${prefix}*`, count: 1000 })) keys.push(...batch);
  return keys;
}
