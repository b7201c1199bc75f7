import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCursor, parsePage } from "./page.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });
const digits = (value: string) => (/^\d+$/.test(value) ? value : undefined);

test("a page that is not described is the first, of 50", () => {
  expect([parsePage(undefined, digits), parsePage({ limit: 0, cursor: "" }, digits)]).toEqual([{ limit: 50 }, { limit: 50 }]);
});

test("a page goes on where the cursor says", () => {
  expect(parsePage({ limit: 200, cursor: formatCursor("42") }, digits)).toEqual({ limit: 200, cursor: "42" });
});

test.each([201, -1, 1.5, Number.NaN])("a limit of %d is refused", (limit) => {
  expect(() => parsePage({ limit, cursor: "" }, digits)).toThrow(invalid);
});

test.each(["42", formatCursor("x"), `${formatCursor("42")}=`, ` ${formatCursor("42")}`, "%", "ä"])(
  "Q9: the forged cursor %j is refused",
  (cursor) => {
    expect(() => parsePage({ limit: 1, cursor }, digits)).toThrow(invalid);
  },
);

test("Q9: no other text stands for a position than the one made of it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (cursor) => {
      try {
        const page = parsePage({ limit: 1, cursor }, (value) => value);
        expect(formatCursor(page.cursor ?? "")).toBe(cursor);
      } catch (error) {
        expect(error).toEqual(invalid);
      }
    }),
  );
});
