import { describe, expect, test } from "vitest";
import { createLoadingCache } from "./loading-cache.ts";

/** A cache of what is in `source`, with a clock that is moved by hand and the keys that were loaded. */
function open(capacity = 10) {
  const time = { now: 0 };
  const source = new Map<string, string>();
  const loaded: string[] = [];
  const cache = createLoadingCache<string>({ capacity, elapsed: () => time.now });
  const get = (key: string, maximumAge = 1000) =>
    cache.get(key, maximumAge, async () => {
      loaded.push(key);
      return source.get(key);
    });
  return { cache, time, source, loaded, get };
}

describe("a loading cache", () => {
  test("loads a value once, also for many who ask at once", async () => {
    const { get, source, loaded } = open();
    source.set("a", "1");
    expect(await Promise.all([get("a"), get("a"), get("a")])).toEqual(["1", "1", "1"]);
    expect([await get("a"), loaded]).toEqual(["1", ["a"]]);
  });

  test("tells of each look-up whether a load had to begin for it", async () => {
    const told: boolean[] = [];
    const cache = createLoadingCache<string>({ capacity: 10, elapsed: () => 0, onLookUp: (isHit) => told.push(isHit) });
    const load = async () => "1";
    await Promise.all([cache.get("a", 1000, load), cache.get("a", 1000, load)]);
    await cache.get("a", 1000, load);
    await cache.get("b", 1000, async () => undefined);
    await cache.get("b", 1000, load);
    expect(told).toEqual([false, true, true, false, true]);
  });

  test("uses nothing that is as old as the age it is asked for", async () => {
    const { get, source, loaded, time } = open();
    source.set("a", "1");
    await get("a");
    source.set("a", "2");
    time.now = 999;
    expect(await get("a", 1000)).toBe("1");
    time.now = 1000;
    expect(await get("a", 1001)).toBe("1");
    expect(await get("a", 1000)).toBe("2");
    expect(loaded).toEqual(["a", "a"]);
  });

  test("counts the age from the beginning of the loading, and joins none that began too long ago", async () => {
    const { cache, time } = open();
    const slow = Promise.withResolvers<string>();
    const first = cache.get("a", 1000, () => slow.promise);
    time.now = 1000;
    expect(await cache.get("a", 1000, async () => "new")).toBe("new");
    slow.resolve("old");
    expect(await first).toBe("old");
    expect(await cache.get("a", 1000, async () => "newer")).toBe("new");
  });

  test("holds for a second at most that there is nothing", async () => {
    const { get, source, loaded, time } = open();
    expect(await get("a", 60_000)).toBeUndefined();
    source.set("a", "1");
    time.now = 999;
    expect(await get("a", 60_000)).toBeUndefined();
    time.now = 1000;
    expect(await get("a", 60_000)).toBe("1");
    expect(loaded).toEqual(["a", "a"]);
  });

  test("holds no error", async () => {
    const { cache, get, source } = open();
    source.set("a", "1");
    const failing = () => cache.get("a", 1000, () => Promise.reject(new Error("down")));
    await expect(Promise.all([failing(), failing()])).rejects.toThrow("down");
    expect(await get("a")).toBe("1");
  });

  test("lets go of the value that was not used for longest", async () => {
    const { get, source, loaded } = open(2);
    for (const key of ["a", "b", "c"]) source.set(key, key);
    for (const key of ["a", "b", "a", "c", "a", "b"]) await get(key);
    expect(loaded).toEqual(["a", "b", "c", "b"]);
  });

  test("lets go of no value for all that does not exist", async () => {
    const { get, source, loaded } = open(10);
    source.set("a", "1");
    await get("a");
    for (let n = 0; n < 100; n++) await get(`missing ${n}`);
    loaded.length = 0;
    await get("a");
    expect(loaded).toEqual([]);
  });

  test("holds what is missing within a bound too", async () => {
    const { get, loaded } = open(10);
    await get("missing 1");
    await get("missing 2");
    loaded.length = 0;
    await get("missing 1");
    expect(loaded).toEqual(["missing 1"]);
  });

  test.each<[string, (cache: ReturnType<typeof open>["cache"], time: { now: number }) => void]>([
    ["drop", (cache) => cache.drop("a")],
    ["dropWhere", (cache) => cache.dropWhere((key) => key === "a")],
    [
      "dropOlderThan",
      (cache, time) => {
        time.now += 500;
        cache.dropOlderThan(500);
      },
    ],
    ["clear", (cache) => cache.clear()],
  ])("%s lets go of what is held, and of what is being loaded at that moment", async (_name, drop) => {
    const { cache, get, source, time } = open();
    source.set("a", "1");
    await get("a");
    source.set("a", "2");
    drop(cache, time);
    expect(await get("a")).toBe("2");

    cache.clear();
    const slow = Promise.withResolvers<string>();
    const before = cache.get("a", 1000, () => slow.promise);
    drop(cache, time);
    const after = get("a");
    slow.resolve("stale");
    expect(await before).toBe("stale");
    source.set("a", "3");
    expect([await after, await get("a")]).toEqual(["2", "2"]);
  });

  test("drop, dropWhere and dropOlderThan leave the rest alone", async () => {
    const { cache, get, source, loaded, time } = open();
    for (const key of ["a", "b"]) source.set(key, key);
    await get("a");
    time.now = 400;
    await get("b");
    cache.drop("c");
    cache.dropWhere((key) => key === "c");
    time.now = 500;
    cache.dropOlderThan(500);
    await get("b");
    expect(loaded).toEqual(["a", "b"]);
    await get("a");
    expect(loaded).toEqual(["a", "b", "a"]);
  });
});
