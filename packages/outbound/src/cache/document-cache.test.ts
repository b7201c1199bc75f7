import { instant, later } from "@signet/protocol";
import { expect, test } from "vitest";
import { OutboundError } from "../outbound-error.ts";
import { DocumentCache, type DocumentCacheOptions, type FetchedDocument } from "./document-cache.ts";

function openCache(changes: Partial<DocumentCacheOptions> = {}) {
  let now = instant(1_800_000_000_000);
  let fetches = 0;
  const clock = () => now;
  const cache = new DocumentCache({ clock, maximumEntries: 10, maximumBytes: 1000, failureMilliseconds: 5000, ...changes });
  const fetch = async (text = "text"): Promise<FetchedDocument> => {
    fetches++;
    return { text, fetchedAt: now, freshUntil: later(now, 60_000) };
  };
  return {
    cache,
    fetch,
    advance: (milliseconds: number) => {
      now = later(now, milliseconds);
    },
    ago: (milliseconds: number) => later(now, -milliseconds),
    get fetches() {
      return fetches;
    },
  };
}

test("a document is fetched again once it is no longer fresh, and not before", async () => {
  const opened = openCache();
  const first = await opened.cache.get("a", undefined, opened.fetch);
  opened.advance(59_999);
  expect(await opened.cache.get("a", undefined, opened.fetch)).toBe(first);
  opened.advance(1);
  expect(await opened.cache.get("a", undefined, opened.fetch)).not.toBe(first);
  expect(opened.fetches).toBe(2);
});

test("all who ask meanwhile share one fetch", async () => {
  const opened = openCache();
  const all = await Promise.all(Array.from({ length: 50 }, () => opened.cache.get("a", undefined, opened.fetch)));
  expect(new Set(all).size).toBe(1);
  expect(opened.fetches).toBe(1);
});

test("who misses something has it fetched again, as often as its age allows", async () => {
  const opened = openCache();
  const ask = () => opened.cache.get("a", opened.ago(30_000), opened.fetch);
  const first = await ask();
  expect(await ask()).toBe(first);
  opened.advance(30_001);
  const second = await ask();
  expect(second).not.toBe(first);
  expect(await ask()).toBe(second);
  expect(opened.fetches).toBe(2);
});

test("a failure is remembered for a moment, and no document is served in its place", async () => {
  const opened = openCache();
  const failing = async () => {
    await opened.fetch();
    throw new OutboundError("unreachable", "gone");
  };
  await opened.cache.get("a", undefined, opened.fetch);
  opened.advance(60_000);
  await expect(opened.cache.get("a", undefined, failing)).rejects.toThrow("gone");
  await expect(opened.cache.get("a", undefined, failing)).rejects.toThrow("gone");
  expect(opened.fetches).toBe(2);
  opened.advance(5000);
  await opened.cache.get("a", undefined, opened.fetch);
  expect(opened.fetches).toBe(3);
});

test("what fails while it is fetched anew leaves the document that is still fresh to those whom it serves", async () => {
  const opened = openCache();
  const first = await opened.cache.get("a", undefined, opened.fetch);
  opened.advance(40_000);
  const failing = () => Promise.reject(new OutboundError("timed_out", "slow"));
  await expect(opened.cache.get("a", opened.ago(30_000), failing)).rejects.toThrow("slow");
  expect(await opened.cache.get("a", undefined, opened.fetch)).toBe(first);
});

test("that too many were waiting is not remembered: nobody was asked", async () => {
  const opened = openCache();
  await expect(opened.cache.get("a", undefined, () => Promise.reject(new OutboundError("busy", "full")))).rejects.toThrow("full");
  await expect(opened.cache.get("a", undefined, opened.fetch)).resolves.toMatchObject({ text: "text" });
});

test("what was not asked for the longest makes room, by number and by size", async () => {
  const opened = openCache({ maximumEntries: 3 });
  for (const key of ["a", "b", "c", "a", "d"]) await opened.cache.get(key, undefined, opened.fetch);
  expect(opened.fetches).toBe(4);
  await opened.cache.get("a", undefined, opened.fetch);
  expect(opened.fetches).toBe(4);
  await opened.cache.get("b", undefined, opened.fetch);
  expect(opened.fetches).toBe(5);

  const small = openCache({ maximumBytes: 100 });
  for (const key of ["a", "b", "c"]) await small.cache.get(key, undefined, () => small.fetch("x".repeat(20)));
  await small.cache.get("c", undefined, small.fetch);
  expect(small.fetches).toBe(3);
  await small.cache.get("a", undefined, small.fetch);
  expect(small.fetches).toBe(4);
});
