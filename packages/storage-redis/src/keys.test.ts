import { parseInteractionId, parseTenantId } from "@signet/protocol";
import { aHash, anInteractionId } from "@signet/storage/contract/fixtures";
import { expect, test } from "vitest";
import { keysOf, partOfHash, partOfId, whole } from "./keys.ts";

const tenant = parseTenantId("0123456789abcdef") ?? expect.unreachable();

test("a thing and its tenant's epoch have one hash tag", () => {
  const keys = keysOf("signet", "code");
  expect(keys.epoch(tenant, "7")).toBe("signet:code:{0123456789abcdef:7}");
  expect(keys.thing(tenant, "7", "hash")).toBe("signet:code:{0123456789abcdef:7}:hash");
});

test("what is not spread has the tenant for its tag", () => {
  const keys = keysOf("signet", "session", [whole]);
  expect(keys.epochs(tenant)).toStrictEqual(["signet:session:{0123456789abcdef}"]);
});

test("hashes and ids are spread over all parts, and over no others", () => {
  const epochs = keysOf("signet", "code").epochs(tenant);
  const parts = [
    Array.from({ length: 2000 }, () => partOfHash(aHash())),
    Array.from({ length: 2000 }, () => partOfId(anInteractionId())),
  ];
  for (const seen of parts) {
    const keys = new Set(seen.map((part) => keysOf("signet", "code").epoch(tenant, part)));
    expect([...keys].toSorted()).toStrictEqual([...epochs].toSorted());
  }
});

test("the part of an id is its first digit", () => {
  const id = parseInteractionId("f".padEnd(32, "0")) ?? expect.unreachable();
  expect(partOfId(id)).toBe("f");
});
