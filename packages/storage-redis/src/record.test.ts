import { expect, test } from "vitest";
import { changeOf } from "./change.ts";
import { instantOf, integer, optionalObject, optionalText, recordOf, replyTexts, text, texts } from "./record.ts";

test("members are read as what they are", () => {
  const record = recordOf('{"name":"ä","count":3,"list":["a","b"],"object":{"a":[1]}}');
  expect(text(record, "name")).toBe("ä");
  expect(integer(record, "count")).toBe(3);
  expect(texts(record, "list")).toStrictEqual(["a", "b"]);
  expect(optionalObject(record, "object")).toStrictEqual({ a: [1] });
  expect(optionalText(record, "missing")).toBeUndefined();
  expect(optionalObject(record, "missing")).toBeUndefined();
});

test.each(["", "canary", '"canary"', '["canary"]', "null", '{"canary":'])(
  "%j, which no store has written, is refused without being repeated",
  (value) => {
    expect(() => recordOf(value)).toThrow(/^what Redis gave is not the JSON of an object$/);
  },
);

test("a member that holds something else is refused", () => {
  const record = recordOf('{"number":1,"half":0.5,"mixed":["a",1],"null":null,"list":[],"proto":{}}');
  expect(() => text(record, "number")).toThrow("the member number does not hold text");
  expect(() => text(record, "missing")).toThrow("the member missing does not hold text");
  expect(() => text(record, "toString")).toThrow("does not hold text");
  expect(() => optionalText(record, "null")).toThrow("does not hold text");
  expect(() => integer(record, "half")).toThrow("does not hold a whole number");
  expect(() => texts(record, "mixed")).toThrow("does not hold a list of strings");
  expect(() => optionalObject(record, "list")).toThrow("does not hold an object");
});

test.each([[undefined], ["text"], [{}], [[1]], [[["nested"]]]])("the reply %j is not a list of strings", (reply) => {
  expect(() => replyTexts(reply)).toThrow("what Redis answered is not a list");
});

test.each(["", "-1", "1e3", "1.5", "9999999999999999", "now"])("%j is not a point in time", (digits) => {
  expect(() => instantOf(digits)).toThrow("not a point in time");
});

test("a change of a kind that is not known is refused", () => {
  expect(() => changeOf('{"kind":"user","deleted":true}')).toThrow("a kind that is not known");
});
