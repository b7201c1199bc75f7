import { describe, expect, test } from "vitest";
import { parseJsonObject } from "./json-body.ts";

const badRequest = expect.objectContaining({ name: "HttpError", status: 400 });

/** What is thrown, as a log would show it. */
function refusalOf(text: string): Error {
  try {
    parseJsonObject(text);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the body was taken");
}

describe("parseJsonObject", () => {
  test("gives the object that was sent; nothing counts as an empty one", () => {
    expect(parseJsonObject('{"name":"acme","tags":[{}]}')).toEqual({ name: "acme", tags: [{}] });
    expect([parseJsonObject(""), parseJsonObject(" \n")]).toEqual([{}, {}]);
  });

  test.each(["{", "[]", "null", '"text"', "1", '{"a":1}{}', `${'{"a":'.repeat(17)}1${"}".repeat(17)}`])("refuses %s", (text) => {
    expect(refusalOf(text)).toEqual(badRequest);
  });

  test.each(["__proto__", "constructor", "prototype"])("Q3: refuses a member called %s, however deep", (name) => {
    expect(refusalOf(`{"a":[{"${name}":{}}]}`)).toEqual(badRequest);
  });

  test.each(['{"a":["\\ud800"]}', '{"a":{"\\udc00":1}}'])("refuses half a surrogate pair: %s", (text) => {
    expect(refusalOf(text)).toEqual(badRequest);
  });

  test("takes a whole surrogate pair, and a backslash before what looks like half of one", () => {
    expect(parseJsonObject('{"a":"\\ud83d\\ude00 \\\\ud800"}')).toEqual({ a: "😀 \\ud800" });
  });

  test.each(['{"password":hunter2}', "hunter2", '{"a":1,hunter2', '["hunter2"'])(
    "K7: says nothing of what was sent, also not to the log: %s",
    (text) => {
      const refusal = refusalOf(text);
      expect([refusal.message, refusal.cause]).toEqual(["400: the body must be JSON", undefined]);
    },
  );
});
