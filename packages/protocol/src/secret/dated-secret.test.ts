import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { instant } from "../instant.ts";
import { hashDatedSecret, newDatedSecret, undatedHashLength } from "./dated-secret.ts";
import { hashSecret } from "./secret.ts";

const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map(instant);
const dateOf = (hash: string) => hash.slice(undatedHashLength);

test("a dated secret has the form of any other, and no two of one moment are the same", () => {
  const now = instant(1_800_000_000_000);
  const [one, other] = [newDatedSecret(randomBytes, now), newDatedSecret(randomBytes, now)];
  expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(one).not.toBe(other);
});

test("its hash is that of the whole secret, with the time behind it", () => {
  const secret = newDatedSecret(randomBytes, instant(0x0123_4567_89ab));
  expect(hashDatedSecret(secret)).toBe(`${hashSecret(secret)}0123456789ab`);
});

test("what is kept of later secrets comes later", () => {
  fc.assert(
    fc.property(moments, moments, (one, other) => {
      const [first, second] = [one, other].map((now) => dateOf(hashDatedSecret(newDatedSecret(randomBytes, now))));
      expect(Math.sign(one - other)).toBe(first === second ? 0 : (first ?? "") < (second ?? "") ? -1 : 1);
    }),
  );
});
