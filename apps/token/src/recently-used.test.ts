import { expect, test } from "vitest";
import { RecentlyUsed } from "./recently-used.ts";

test("an entry is made once and kept", () => {
  const entries = new RecentlyUsed<string, object>(2);
  const first = entries.get("a", () => ({}));
  expect(entries.get("a", () => ({}))).toBe(first);
});

test("beyond the capacity the entry that was not asked for the longest makes room", () => {
  const entries = new RecentlyUsed<string, { readonly made: string }>(2);
  entries.get("a", () => ({ made: "a" }));
  entries.get("b", () => ({ made: "b" }));
  entries.get("a", () => ({ made: "a again" }));
  entries.get("c", () => ({ made: "c" }));
  expect(entries.get("a", () => ({ made: "a again" }))).toEqual({ made: "a" });
  expect(entries.get("b", () => ({ made: "b again" }))).toEqual({ made: "b again" });
});

test("what is set is the youngest, and takes the place of what was there", () => {
  const entries = new RecentlyUsed<string, number>(2);
  entries.set("a", 0);
  entries.set("b", 2);
  entries.set("a", 1);
  entries.set("c", 3);
  expect(["a", "b", "c"].map((key) => entries.find(key))).toEqual([1, undefined, 3]);
});

test("what was deleted is there no more", () => {
  const entries = new RecentlyUsed<string, number>(2);
  expect(entries.isEmpty()).toBe(true);
  entries.set("a", 1);
  expect(entries.isEmpty()).toBe(false);
  entries.delete("a");
  expect(entries.isEmpty()).toBe(true);
});
