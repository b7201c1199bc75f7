import { Metadata } from "nice-grpc-common";
import { expect, test } from "vitest";
import { inRequest, newRequestId, requestIdOfMetadata } from "../../stack/request-id.ts";
import { fromEntries, toEntries } from "./metadata.ts";

const id = newRequestId();

test.each([
  { title: "nothing but whose request it is", metadata: inRequest(id).metadata },
  { title: "the same, made by somebody else", metadata: Metadata({ "x-request-id": id }) },
  { title: "more than that", metadata: Metadata(inRequest(id).metadata).set("traceparent", "00") },
  { title: "bytes", metadata: Metadata({ "x-request-id": id, "detail-bin": Buffer.from([0, 255]) }) },
  { title: "an id that was not made here", metadata: Metadata({ "x-request-id": "r1" }) },
  { title: "nothing", metadata: Metadata() },
])("metadata that say $title arrive as they were sent", ({ metadata }) => {
  const received = fromEntries(toEntries(metadata));
  expect([...received]).toEqual([...(metadata ?? [])]);
  expect(requestIdOfMetadata(received)).toBe(requestIdOfMetadata(metadata));
});

test("what was added to the metadata of a request is sent as well", () => {
  const { metadata } = inRequest(id);
  metadata?.set("traceparent", "00");
  expect(toEntries(metadata).map(({ key }) => key)).toEqual(["x-request-id", "traceparent"]);
});

test("an id that breaks gRPC's rules is refused", () => {
  expect(() => fromEntries([{ key: "x-request-id", text: "ä", binary: Buffer.alloc(0) }])).toThrow("illegal characters");
});
