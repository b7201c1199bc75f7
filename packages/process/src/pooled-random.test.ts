import { expect, test } from "vitest";
import { pooledRandom } from "./pooled-random.ts";

test("gives as many bytes as asked for, also more than the pool holds", () => {
  const random = pooledRandom();
  for (const length of [0, 1, 16, 32, 4096, 5000]) expect(random(length)).toHaveLength(length);
});

test("never gives the same bytes twice, across many pools", () => {
  const random = pooledRandom();
  const given = new Set(Array.from({ length: 10_000 }, () => Buffer.from(random(16)).toString("hex")));
  expect(given.size).toBe(10_000);
  expect(given).not.toContain("0".repeat(32));
});

test("what was given is the caller's own", () => {
  const random = pooledRandom();
  const first = random(16);
  const copy = Uint8Array.from(first);
  for (let index = 0; index < 1000; index++) random(16).fill(7);
  expect(first).toEqual(copy);
});
