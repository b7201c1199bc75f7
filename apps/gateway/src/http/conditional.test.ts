import { expect, test } from "vitest";
import { tagged, unlessUnchanged } from "./conditional.ts";

const reply = tagged({ status: 200, headers: { "Cache-Control": "public" }, body: "{}" });
const { ETag: etag } = reply.headers;
const answerTo = (ifNoneMatch?: string) =>
  unlessUnchanged({ headers: ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch } }, reply);

test("the same body has the same tag, and another body another", () => {
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  expect(tagged({ ...reply, body: "{}" }).headers.ETag).toBe(etag);
  expect(tagged({ ...reply, body: "{ }" }).headers.ETag).not.toBe(etag);
});

test.each([etag, `W/${etag}`, `"other", ${etag}`, "*"])("who has it already gets no body: If-None-Match: %s", (known) => {
  expect(answerTo(known)).toEqual({ status: 304, headers: { "Cache-Control": "public", ETag: etag } });
});

test.each([undefined, '"other"', etag.slice(1, -1), ""])("who has another or none gets it whole: If-None-Match: %s", (known) => {
  expect(answerTo(known)).toBe(reply);
});
