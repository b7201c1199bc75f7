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
