import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonObject } from "./json.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });
const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;

describe("parseJsonObject", () => {
  test("reads any object that JSON can write", () => {
    const member = fc.string().filter((name) => !(name in Object.prototype));
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue({ maxDepth: 2, noUnicodeString: false }), { maxKeys: 4 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(
          text.length < 4096 &&
            !/"(?:__\w+|valueOf|toString|toLocaleString|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable)":/.test(
              text,
            ),
        );
        expect(parseJsonObject(text, "it")).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(["", "{", "[]", "1", '"a"', "null", "{a:1}", "undefined"])("refuses %j", (text) => {
    expect(() => parseJsonObject(text, "it")).toThrow(invalid);
  });

  test.each(['{"__proto__":{"admin":true}}', '{"a":{"constructor":1}}', '{"a":[{"__proto__":1}]}', '{"toString":1}'])(
    "Q3: refuses %s",
    (text) => {
      expect(() => parseJsonObject(text, "it")).toThrow(invalid);
      expect({}).not.toHaveProperty("admin");
    },
  );

  test("Q4: takes 16 levels and no more", () => {
    expect(() => parseJsonObject(nested(16), "it")).not.toThrow();
    expect(() => parseJsonObject(nested(17), "it")).toThrow(invalid);
    expect(() => parseJsonObject(`{"a":${"[".repeat(2000)}${"]".repeat(2000)}}`, "it")).toThrow(invalid);
  });

  test("Q4: takes 16 KiB of UTF-8 and no more", () => {
    const bytes = (count: number) => `{"a":"${"é".repeat((count - 8) / 2)}"}`;
    expect(() => parseJsonObject(bytes(16_384), "it")).not.toThrow();
    expect(() => parseJsonObject(bytes(16_386), "it")).toThrow(invalid);
  });
});
