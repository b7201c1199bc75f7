import fc from "fast-check";
import { expect, test } from "vitest";
import { prefers } from "./accepted-type.ts";

const signed = "application/token-introspection+jwt";

test.each([
  [undefined, false],
  ["", false],
  ["*/*", false],
  ["application/json", false],
  ["application/*", false],
  [signed, true],
  [`${signed};q=0.5`, true],
  [`${signed};q=0`, false],
  [`${signed};q=0.000`, false],
  [`${signed}; q=0.5, application/json`, false],
  [`${signed}, application/json;q=0.9`, true],
  [`${signed}, application/json`, true],
  [`application/json;q=0.2, ${signed};q=0.3`, true],
  [`text/html,${signed};v=1;q=0.3, */*;q=0.1`, true],
  [`x${signed}`, false],
  [`${signed}2`, false],
])("Accept: %s prefers the signed reply: %s", (accept, expected) => {
  expect(prefers(accept, signed, "application/json")).toBe(expected);
});

test("no header makes it fail, or takes long", () => {
  const part = fc.constantFrom(signed, "application/json", "*/*", ",", ";", "q=", "q=0", "0.5", " ", "\t", "x", ";;;;q=");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 2000 }), (parts) => {
      const from = performance.now();
      expect(typeof prefers(parts.join(""), signed, "application/json")).toBe("boolean");
      expect(performance.now() - from).toBeLessThan(50);
    }),
    { numRuns: 200 },
  );
});
