import { hashSecret } from "@signet/protocol";
import { expect, test } from "vitest";
import { createNumbering, spread } from "./numbering.ts";

const numbering = createNumbering(Buffer.alloc(32, 1));

test("who makes the load finds the ids and secrets that the folder was filled with", () => {
  const again = createNumbering(Buffer.alloc(32, 1));
  expect(again.family(7)).toStrictEqual(numbering.family(7));
  expect(again.session(7)).toStrictEqual(numbering.session(7));
  expect(again.tenant(7)).toStrictEqual(numbering.tenant(7));
});

test("no two rows have the same id, nor two folders", () => {
  const elsewhere = createNumbering(Buffer.alloc(32, 2));
  const ids = [numbering.client(1), numbering.client(2), elsewhere.client(1), numbering.tenant(1).clientId];
  expect(new Set(ids).size).toBe(ids.length);
});

test("the family's part of a refresh token is not its own part", () => {
  const { refreshToken } = numbering.family(1);
  expect(refreshToken.familyHash).not.toBe(hashSecret(refreshToken.token));
});

test.each([
  [1000, 1000],
  [5000, 1_000_000],
  [1, 1],
])("%i turns among %i rows are as many rows", (taken, all) => {
  const numbers = Array.from({ length: taken }, (_, turn) => spread(turn, taken, all));
  expect(new Set(numbers).size).toBe(taken);
  expect(Math.max(...numbers)).toBeLessThan(all);
});
