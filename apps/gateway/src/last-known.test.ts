import { ResourceError } from "@signet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLastKnown } from "./last-known.ts";

const patienceMilliseconds = 250;
const unavailable = async () => {
  throw new ResourceError("unavailable", "no connection");
};
const never = () => new Promise<string>(() => {});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is there is asked for each time", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  expect(await lastKnown.get("a", async () => "first")).toBe("first");
  expect(await lastKnown.get("a", async () => "second")).toBe("second");
});

test("what is unavailable is as it was the last time, however long ago", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  await lastKnown.get("a", async () => "first");
  vi.advanceTimersByTime(24 * 3600 * 1000);
  expect(await lastKnown.get("a", unavailable)).toBe("first");
});

test("what does not come in time is as it was the last time, and is known once it has come", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  await lastKnown.get("a", async () => "first");
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = lastKnown.get("a", () => promise);
  await vi.advanceTimersByTimeAsync(patienceMilliseconds);
  expect(await waiting).toBe("first");
  resolve("second");
  await promise;
  expect(await lastKnown.get("a", unavailable)).toBe("second");
});

test("for a second after that nobody is asked", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  await lastKnown.get("a", async () => "first");
  await lastKnown.get("a", unavailable);
  vi.advanceTimersByTime(999);
  expect(await lastKnown.get("a", never)).toBe("first");
  vi.advanceTimersByTime(1);
  expect(await lastKnown.get("a", async () => "second")).toBe("second");
});

test("what was never known is unavailable", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  await expect(lastKnown.get("a", unavailable)).rejects.toMatchObject({ kind: "unavailable" });
});

test("what no longer exists is not known any more", async () => {
  const lastKnown = createLastKnown<string | undefined>({ patienceMilliseconds });
  await lastKnown.get("a", async () => "first");
  expect(await lastKnown.get("a", async () => undefined)).toBeUndefined();
  await expect(lastKnown.get("a", unavailable)).rejects.toMatchObject({ kind: "unavailable" });
});

test("another error is no reason to tell what is old", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds });
  await lastKnown.get("a", async () => "first");
  const forbidden = new ResourceError("forbidden", "not for this caller");
  await expect(lastKnown.get("a", () => Promise.reject(forbidden))).rejects.toBe(forbidden);
});

test("of more than may be held the one that was not asked for longest goes", async () => {
  const lastKnown = createLastKnown<string>({ patienceMilliseconds, capacity: 2 });
  for (const key of ["a", "b", "a", "c"]) await lastKnown.get(key, async () => key);
  expect(await lastKnown.get("a", unavailable)).toBe("a");
  await expect(lastKnown.get("b", unavailable)).rejects.toMatchObject({ kind: "unavailable" });
});
