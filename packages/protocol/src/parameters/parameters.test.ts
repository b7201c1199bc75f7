import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { formatForm, parseForm } from "./form.ts";
import { parseParameters, required } from "./parameters.ts";

describe("parseForm", () => {
  test("decodes plus signs and percent escapes, and keeps repetitions", () => {
    expect(parseForm("a=1+2&a=%C3%A9&b&=x")).toEqual([
      { name: "a", value: "1 2" },
      { name: "a", value: "é" },
      { name: "b", value: "" },
      { name: "", value: "x" },
    ]);
  });

  test.each(["a=%", "a=%zz", "a=%C3", "a=%ff%fe", "%E0%A4%A=1"])("Q8: refuses %s, which is not form-encoded UTF-8", (text) => {
    expect(() => parseForm(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("reads back whatever formatForm writes", () => {
    const parameter = fc.record({ name: fc.string({ unit: "grapheme", minLength: 1 }), value: fc.string({ unit: "grapheme" }) });
    fc.assert(
      fc.property(fc.array(parameter), (parameters) => {
        expect(parseForm(formatForm(parameters))).toEqual(parameters);
      }),
    );
  });

  test("reads what is well-formed as every browser does, and refuses the rest", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary-ascii" }), formLike), (text) => {
        const read = parsed(text);
        if (read === undefined) return;
        expect(read.map(({ name, value }) => [name, value])).toEqual([...new URLSearchParams(leadingMarkKept(text))]);
      }),
      { examples: [["a=%"], ["%F0%9F=a"], ["a=b=c"], ["=&="], ["&&a&&"], ["?a=1"], ["a=%2B+"], ["a=%c3%a9"]] },
    );
  });

  test("throws nothing but an OAuthError, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          parseParameters(parseForm(text));
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthError);
        }
      }),
    );
  });
});

describe("parseParameters", () => {
  test("takes a parameter without a value as left out", () => {
    expect([...parseParameters(parseForm("a=&b=2"))]).toEqual([["b", "2"]]);
  });

  test("Q1: refuses a parameter that was sent twice, also with the same or no value", () => {
    for (const text of ["a=1&a=1", "a=&a=", "a=1&a="]) expect(() => parseParameters(parseForm(text))).toThrow(/more than once/);
  });

  test("Q1: lets resource and audience repeat", () => {
    expect([...parseParameters(parseForm("resource=a&resource=b&audience=c&audience=d"))]).toEqual([]);
  });

  test.each(["%00", "%0d%0a", "%7f", "%1f"])("Q8: refuses a value with the control character %s", (sequence) => {
    expect(() => parseParameters(parseForm(`state=a${sequence}b`))).toThrow(/not allowed/);
  });

  test("Q3: holds __proto__ and constructor like any other name", () => {
    const parameters = parseParameters(parseForm("__proto__=a&constructor=b"));
    expect(parameters.get("__proto__")).toBe("a");
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("Q4: refuses more than a hundred parameters at once", () => {
    const started = performance.now();
    expect(() => parseParameters(parseForm("a[]=1&".repeat(10_000)))).toThrow(/at most 100/);
    expect(performance.now() - started).toBeLessThan(100);
  });

  test("names the missing parameter", () => {
    expect(() => required(new Map(), "redirect_uri")).toThrow("the parameter redirect_uri is missing");
  });

  test("describes a hostile name without repeating its control characters, quotes or backslashes", () => {
    expect(() => parseParameters(parseForm("%22%5C%0a=1&%22%5C%0a=2"))).toThrow(/parameter \?\?\? was/);
  });
});

const formLike = fc
  .array(
    fc.constantFrom(
      "a",
      "=",
      "&",
      "+",
      "%",
      "%2",
      "%20",
      "%26",
      "%3D",
      "%00",
      "%C3",
      "%A9",
      "%ff",
      "[]",
      ";",
      "?",
      "é",
      "\u{1f511}",
    ),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(""));

/** `URLSearchParams` would take a question mark at the beginning away. */
function leadingMarkKept(text: string): string {
  return text.startsWith("?") ? `?${text}` : text;
}

function parsed(text: string) {
  try {
    return parseForm(text);
  } catch (error) {
    expect(error).toMatchObject({ name: "OAuthError", code: "invalid_request" });
    return undefined;
  }
}
