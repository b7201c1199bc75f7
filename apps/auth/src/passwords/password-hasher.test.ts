import { type Password, parseEnteredPassword, parseNewPassword } from "@signet/protocol";
import { expect, test } from "vitest";
import { createPasswordHasher } from "./password-hasher.ts";

const hasher = createPasswordHasher({ concurrency: 1 });
const right = parseNewPassword("pässword one");

function entered(value: string): Password {
  const password = parseEnteredPassword(value);
  if (password === undefined) throw new Error("that is no password");
  return password;
}

test("hashes with Argon2id, 19 MiB, two passes and one lane, and a salt of its own for each", async () => {
  const [one, other] = [await hasher.hash(right), await hasher.hash(right)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one.split("$")[4]).not.toBe(other.split("$")[4]);
});

test("verifies the password, however the keyboard composed it, and no other", async () => {
  const hash = await hasher.hash(right);
  expect(await hasher.verify(right, hash)).toBe(true);
  expect(await hasher.verify(entered("pa\u0308ssword one"), hash)).toBe(true);
  for (const wrong of ["passWord one", "pässword one ", "pässword", "PÄSSWORD ONE"]) {
    expect(await hasher.verify(entered(wrong), hash)).toBe(false);
  }
});

test("K2: a verification against nobody's hash is a whole verification, and fails", async () => {
  expect(await hasher.verifyDummy(right)).toBe(false);
});

test("K2: a verification against nobody's hash takes its place in the pool", async () => {
  const narrow = createPasswordHasher({ concurrency: 1, maximumWaiting: 0 });
  const first = narrow.verifyDummy(right);
  await expect(narrow.verifyDummy(right)).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  await first;
});
