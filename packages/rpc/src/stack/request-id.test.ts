import { Metadata } from "nice-grpc-common";
import { expect, test } from "vitest";
import { inRequest, newRequestId, requestIdOfMetadata } from "./request-id.ts";

const [id, another] = ["0123456789ab000001", "0123456789ab000002"] as const;

const metadataOf = (id: string) => {
  const { metadata } = inRequest(id);
  if (metadata === undefined) throw new Error("the options were meant to have metadata");
  return metadata;
};

test("a request's id is metadata like any other to whoever reads it", () => {
  const metadata = metadataOf(id);
  expect([...metadata]).toEqual([["x-request-id", [id]]]);
  expect(metadata.get("X-Request-Id")).toBe(id);
  expect(metadata.getAll("x-request-id")).toEqual([id]);
  expect(metadata.has("x-request-id")).toBe(true);
  expect(metadata.get("authorization")).toBeUndefined();
});

test("more can be added to it, in a copy or in its place", () => {
  const metadata = metadataOf(id);
  expect(requestIdOfMetadata(Metadata(metadata).set("authorization", "Bearer t"))).toBe(id);
  metadata.set("authorization", "Bearer t");
  metadata.append("traceparent", "00");
  expect([...metadata].map(([name]) => name)).toEqual(["x-request-id", "authorization", "traceparent"]);
  expect(requestIdOfMetadata(metadata)).toBe(id);
});

test("what is changed is what is read", () => {
  const replaced = metadataOf(id);
  replaced.set("x-request-id", another);
  expect(requestIdOfMetadata(replaced)).toBe(another);
  const removed = metadataOf(id);
  removed.delete("x-request-id");
  expect(requestIdOfMetadata(removed)).toBe("");
});

test("there is no id without metadata, and none in others'", () => {
  expect(requestIdOfMetadata(undefined)).toBe("");
  expect(requestIdOfMetadata(Metadata())).toBe("");
});

test("an id that was made here is taken over", () => {
  const made = newRequestId();
  expect(requestIdOfMetadata(Metadata().set("x-request-id", made))).toBe(made);
  expect(newRequestId()).not.toBe(made);
});

test.each(["r1", id.slice(1), id.toUpperCase(), "0".repeat(27), `${id}, ${another}`, "the subject's name"])(
  "%j is no id of a request, whoever sends it",
  (sent) => {
    expect(requestIdOfMetadata(Metadata().set("x-request-id", sent))).toBe("");
    expect(requestIdOfMetadata(metadataOf(sent))).toBe("");
  },
);
