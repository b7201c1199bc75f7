import { expect, test } from "vitest";
import { changeOf } from "./change.ts";
import { instantOf, recordOf, replyTexts } from "./record.ts";

test("the JSON of an object is read as that object", () => {
  expect(recordOf('{"name":"ä","count":3,"list":["a","b"],"object":{"a":[1]}}')).toStrictEqual({
    name: "ä",
    count: 3,
    list: ["a", "b"],
    object: { a: [1] },
  });
});

test.each(["", "canary", '"canary"', '["canary"]', "null", '{"canary":'])(
  "%j, which no store has written, is refused without being repeated",
  (value) => {
    expect(() => recordOf(value)).toThrow(/^what Redis gave is not the JSON of an object$/);
  },
);

test.each([[undefined], ["text"], [{}], [[1]], [[["nested"]]]])("the reply %j is not a list of strings", (reply) => {
  expect(() => replyTexts(reply)).toThrow("what Redis answered is not a list");
});

test.each(["", "-1", "1e3", "1.5", "9999999999999999", "now"])("%j is not a point in time", (digits) => {
  expect(() => instantOf(digits)).toThrow("not a point in time");
});

test("a change of a kind that is not known is refused", () => {
  expect(() => changeOf('{"kind":"user","deleted":true}')).toThrow("a kind that is not known");
});
