import { expect, test } from "vitest";
import {
  flag,
  integer,
  jsonObject,
  jsonTexts,
  optionalInteger,
  optionalObject,
  optionalText,
  text,
  texts,
} from "./stored-members.ts";

test("members are read as what they are", () => {
  const stored = { name: "ä", count: 3, yes: true, list: ["a", "b"], object: { a: [1] } };
  expect(text(stored, "name")).toBe("ä");
  expect(optionalText(stored, "name")).toBe("ä");
  expect(integer(stored, "count")).toBe(3);
  expect(optionalInteger(stored, "count")).toBe(3);
  expect(flag(stored, "yes")).toBe(true);
  expect(texts(stored, "list")).toStrictEqual(["a", "b"]);
  expect(optionalObject(stored, "object")).toStrictEqual({ a: [1] });
  expect(optionalText(stored, "missing")).toBeUndefined();
  expect(optionalInteger(stored, "missing")).toBeUndefined();
  expect(optionalObject(stored, "missing")).toBeUndefined();
});

test("what is kept as JSON is read as what it is", () => {
  const stored = { list: '["a","b"]', object: '{"a.b":{"$c":[1]}}' };
  expect(jsonTexts(stored, "list")).toStrictEqual(["a", "b"]);
  expect(jsonObject(stored, "object")).toStrictEqual({ "a.b": { $c: [1] } });
});

test("a member that holds something else is refused", () => {
  const stored = { number: 1, half: 0.5, mixed: ["a", 1], null: null, list: [], proto: {} };
  expect(() => text(stored, "number")).toThrow("the member number does not hold text");
  expect(() => text(stored, "missing")).toThrow("the member missing does not hold text");
  expect(() => text(stored, "toString")).toThrow("does not hold text");
  expect(() => optionalText(stored, "null")).toThrow("does not hold text");
  expect(() => integer(stored, "half")).toThrow("does not hold a whole number");
  expect(() => optionalInteger(stored, "null")).toThrow("does not hold a whole number");
  expect(() => flag(stored, "number")).toThrow("does not hold true or false");
  expect(() => texts(stored, "mixed")).toThrow("does not hold a list of strings");
  expect(() => optionalObject(stored, "list")).toThrow("does not hold an object");
});

test.each(["null", '"a"', "1", '["a",1]', '{"0":"a"}'])("%j is not the JSON of a list of strings", (list) => {
  expect(() => jsonTexts({ list }, "list")).toThrow("the member list does not hold a list of strings");
});

test.each(["null", '"a"', "1", "[]"])("%j is not the JSON of an object", (object) => {
  expect(() => jsonObject({ object }, "object")).toThrow("the member object does not hold the JSON of an object");
});
