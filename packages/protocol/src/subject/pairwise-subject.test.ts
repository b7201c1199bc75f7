import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newUserId, type UserId } from "../ids.ts";
import { pairwiseSubject, sectorOf } from "./pairwise-subject.ts";

const secret = createSecretKey(Buffer.alloc(32, 7));
const user = "0123456789abcdef0123456789abcdef" as UserId;

test("the sector is the host of the sector identifier, whatever the redirect URIs", () => {
  const redirectUris = ["https://a.example/cb", "https://b.example/cb"];
  expect(sectorOf({ sectorIdentifierUri: "https://sector.example:8443/uris.json", redirectUris })).toBe("sector.example");
});

test("without one it is the host that all redirect URIs have; ports and paths do not matter", () => {
  expect(sectorOf({ redirectUris: ["https://a.example/cb"] })).toBe("a.example");
  expect(sectorOf({ redirectUris: ["https://a.example/cb", "https://a.example:444/other", "https://A.example/"] })).toBe(
    "a.example",
  );
  expect(sectorOf({ redirectUris: ["http://[::1]:1/", "http://[::1]:2/"] })).toBe("[::1]");
});

test.each([
  [[]],
  [["https://a.example/", "https://b.example/"]],
  [["com.example.app:/cb"]],
  [["https://a.example/", "com.example.app:/cb"]],
])("the redirect URIs %j have no one host, so there is no sector", (redirectUris) => {
  expect(sectorOf({ redirectUris })).toBeUndefined();
});

test("a pairwise subject is always the same 43 characters", () => {
  expect(pairwiseSubject(secret, "a.example", user)).toBe(pairwiseSubject(secret, "a.example", user));
  expect(pairwiseSubject(secret, "a.example", user)).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("it is another for each sector, each user and each secret, and never the user's id", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.domain(), { minLength: 2, maxLength: 2 }), ([one = "", other = ""]) => {
      const users = [user, newUserId(randomBytes)];
      const secrets = [secret, createSecretKey(randomBytes(32))];
      const subjects = [one, other].flatMap((sector) =>
        users.flatMap((each) => secrets.map((key) => pairwiseSubject(key, sector, each))),
      );
      expect(new Set([...subjects, ...users]).size).toBe(10);
    }),
  );
});
