import { expect, test } from "vitest";
import { headerOf, readReply } from "./http-reply.ts";

const withLength = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a":"ü';
const chunked = "HTTP/1.1 303 See Other\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n9\r\npedia in \r\n0\r\n\r\n";

test.each([withLength, chunked])("a reply is incomplete until its last byte has come: %j", (text) => {
  const bytes = Buffer.from(text);
  for (let length = 0; length < bytes.length; length += 1) expect(readReply(bytes.subarray(0, length))).toBeUndefined();
  expect(readReply(bytes)).toBeDefined();
});

test("a body ends where Content-Length says, counted in bytes", () => {
  expect(readReply(Buffer.from(`${withLength}and more`))).toMatchObject({ status: 200, body: '{"a":"ü' });
});

test("the chunks of a body are put together", () => {
  expect(readReply(Buffer.from(chunked))).toMatchObject({ status: 303, body: "Wikipedia in " });
});

test("a reply that says nothing about its length is refused", () => {
  expect(() => readReply(Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"))).toThrow("length");
});

test("a header is found whatever the case of its name, and only by its whole name", () => {
  const head = "HTTP/1.1 302 Found\r\nX-Location: no\r\nLOCATION:  https://app.example.test/?code=a  \r\nDate: now";
  expect(headerOf(head, "location")).toBe("https://app.example.test/?code=a");
  expect(headerOf(head, "date")).toBe("now");
  expect(headerOf(head, "content-length")).toBeUndefined();
});
