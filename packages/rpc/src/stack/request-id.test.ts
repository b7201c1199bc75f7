import { Metadata } from "nice-grpc-common";
import { expect, test } from "vitest";
import { inRequest, requestIdOfMetadata } from "./request-id.ts";

const metadataOf = (id: string) => {
  const { metadata } = inRequest(id);
  if (metadata === undefined) throw new Error("the options were meant to have metadata");
  return metadata;
};

test("a request's id is metadata like any other to whoever reads it", () => {
  const metadata = metadataOf("abc");
  expect([...metadata]).toEqual([["x-request-id", ["abc"]]]);
  expect(metadata.get("X-Request-Id")).toBe("abc");
  expect(metadata.getAll("x-request-id")).toEqual(["abc"]);
  expect(metadata.has("x-request-id")).toBe(true);
  expect(metadata.get("authorization")).toBeUndefined();
});

test("more can be added to it, in a copy or in its place", () => {
  const metadata = metadataOf("abc");
  expect(requestIdOfMetadata(Metadata(metadata).set("authorization", "Bearer t"))).toBe("abc");
  metadata.set("authorization", "Bearer t");
  metadata.append("traceparent", "00");
  expect([...metadata].map(([name]) => name)).toEqual(["x-request-id", "authorization", "traceparent"]);
  expect(requestIdOfMetadata(metadata)).toBe("abc");
});

test("what is changed is what is read", () => {
  const replaced = metadataOf("abc");
  replaced.set("x-request-id", "def");
  expect(requestIdOfMetadata(replaced)).toBe("def");
  const removed = metadataOf("abc");
  removed.delete("x-request-id");
  expect(requestIdOfMetadata(removed)).toBe("");
});

test("there is no id without metadata, and none in others'", () => {
  expect(requestIdOfMetadata(undefined)).toBe("");
  expect(requestIdOfMetadata(Metadata())).toBe("");
});
