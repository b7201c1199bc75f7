import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Client,
  instant,
  later,
  newClientId,
  newTenantId,
  parseClientMetadata,
  type RateLimit,
  RateLimitedError,
  ResourceError,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { expect, onTestFinished, test } from "vitest";
import { type ClientRequests, createClientRequests } from "./client-requests.ts";

const aClient = (): Client => ({
  id: newClientId(randomBytes),
  tenantId: newTenantId(randomBytes),
  metadata: parseClientMetadata({ redirectUris: ["https://app.example/cb"] }),
});

/** Processes on one store that counts how often it is asked, with a clock that stands until it is moved. */
function open(limit: RateLimit | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "signet-requests-"));
  const { rateLimits, close } = openEmbeddedStores({ folder });
  onTestFinished(() => {
    close();
    rmSync(folder, { recursive: true });
  });
  let now = instant(1_800_000_000_000);
  const asked = { count: 0 };
  const counting: RateLimitStore = {
    ...rateLimits,
    take(...parameters) {
      asked.count++;
      return rateLimits.take(...parameters);
    },
  };
  return {
    asked,
    process: (store: RateLimitStore = counting) => createClientRequests({ limit, rateLimits: store, clock: () => now }),
    advance(milliseconds: number) {
      now = later(now, milliseconds);
    },
  };
}

/** How many of `count` requests at once may go on. */
async function taken(count: number, client: Client, ...processes: readonly ClientRequests[]): Promise<number> {
  const attempts = Array.from({ length: count }, async (_, index) => {
    try {
      await processes[index % processes.length]?.take(client);
      return 1;
    } catch (error) {
      if (error instanceof RateLimitedError) return 0;
      throw error;
    }
  });
  return (await Promise.all(attempts)).reduce<number>((sum, one) => sum + one, 0);
}

test("of requests at once no more go on than the limit counts", async () => {
  const { process } = open({ count: 10, windowMilliseconds: 60_000 });
  expect(await taken(100, aClient(), process())).toBe(10);
});

test("over several processes there are never more, and the store is asked once in many requests", async () => {
  const { process, asked } = open({ count: 400, windowMilliseconds: 60_000 });
  const processes = [process(), process(), process()];
  const client = aClient();
  const first = await taken(300, client, ...processes);
  expect(first).toBe(300);
  expect(asked.count).toBeLessThanOrEqual(16);
  const all = first + (await taken(300, client, ...processes));
  expect(all).toBeLessThanOrEqual(400);
  expect(all).toBeGreaterThanOrEqual(400 - 3 * 20);
});

test("a window later there is room for as many again", async () => {
  const { process, advance } = open({ count: 100, windowMilliseconds: 60_000 });
  const requests = process();
  const client = aClient();
  expect(await taken(150, client, requests)).toBe(100);
  advance(60_000);
  expect(await taken(150, client, requests)).toBe(100);
});

test("what a process had in hand for a window does not come on top of the next", async () => {
  const { process, advance } = open({ count: 100, windowMilliseconds: 60_000 });
  const requests = process();
  const client = aClient();
  await requests.take(client);
  advance(60_000);
  expect(await taken(150, client, requests)).toBe(100);
});

test("one client's requests are not another's", async () => {
  const { process } = open({ count: 10, windowMilliseconds: 60_000 });
  const requests = process();
  await taken(20, aClient(), requests);
  expect(await taken(20, aClient(), requests)).toBe(10);
});

test("with some in hand there is nothing to wait for", async () => {
  const { process } = open({ count: 400, windowMilliseconds: 60_000 });
  const requests = process();
  const client = aClient();
  await requests.take(client);
  expect(requests.take(client)).toBeUndefined();
});

test("without a limit nobody is asked; with one, requests fail where the store does", async () => {
  const away = () => Promise.reject(new ResourceError("unavailable", "away"));
  const store = { take: away, giveBack: away, clear: away };
  expect(open(undefined).process(store).take(aClient())).toBeUndefined();
  const limited = open({ count: 10, windowMilliseconds: 60_000 }).process(store);
  await expect(limited.take(aClient())).rejects.toMatchObject({ kind: "unavailable" });
});
