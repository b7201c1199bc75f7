import { describe, expect, test } from "vitest";
import { type Accent, accentStyle, darkAccent, lightAccent, signetAccent } from "./accent.ts";
import { contrast, lighten, normalizeColour } from "./colour.ts";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

/** A grid over all colours, with the greys around the point where black and white text are equally legible. */
const colours: readonly string[] = [
  ...[0, 51, 102, 153, 204, 255].flatMap((red, _, steps) => steps.flatMap((green) => steps.map((blue) => hex(red, green, blue)))),
  ...Array.from({ length: 40 }, (_, step) => hex(100 + step, 100 + step, 100 + step)),
  signetAccent,
];

function hex(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function failures(derive: (colour: string) => Accent, isLegible: (accent: Accent, colour: string) => boolean): readonly string[] {
  return colours.filter((colour) => !isLegible(derive(colour), colour));
}

describe("contrast", () => {
  test.each([
    ["#ffffff", "#000000", 21],
    ["#ffffff", "#ffffff", 1],
    ["#767676", "#ffffff", 4.54],
    ["#000000", "#ff0000", 5.25],
    ["#0000ff", "#ffffff", 8.59],
  ])("of %s and %s is %d", (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe("lighten", () => {
  test("by nothing keeps the colour", () => {
    expect(colours.filter((colour) => lighten(colour, 0) !== colour)).toEqual([]);
  });

  test("goes to white and to black", () => {
    expect(contrast(lighten("#23419f", 1), "#ffffff")).toBeLessThan(1.01);
    expect(contrast(lighten("#23419f", -1), "#000000")).toBeLessThan(1.01);
  });

  test("always yields a colour that can be written", () => {
    const lightened = colours.flatMap((colour) => [-0.7, -0.3, 0.3, 0.7].map((amount) => lighten(colour, amount)));
    expect(lightened.filter((colour) => !/^#[0-9a-f]{6}$/.test(colour))).toEqual([]);
  });
});

describe.each<[string, (colour: string) => Accent, Palette]>([
  ["light", lightAccent, lightPalette],
  ["dark", darkAccent, darkPalette],
])("on %s pages, for every colour,", (_, derive, palette) => {
  test("the text on the fill has 4.5:1, also under the pointer", () => {
    expect(
      failures(derive, ({ fill, fillHover, onFill }) => contrast(fill, onFill) >= 4.5 && contrast(fillHover, onFill) >= 4.5),
    ).toEqual([]);
  });

  test("links have 4.5:1 on the page, the card and what is set into it", () => {
    expect(
      failures(derive, ({ text }) =>
        [palette.page, palette.card, palette.inset].every((surface) => contrast(text, surface) >= 4.5),
      ),
    ).toEqual([]);
  });

  test("the button's edge has 3:1 against the card", () => {
    expect(failures(derive, ({ edge }) => contrast(edge, palette.card) >= 3)).toEqual([]);
  });
});

describe("the accent", () => {
  test("of a light page is filled with the tenant's very colour", () => {
    expect(failures(lightAccent, ({ fill }, colour) => fill === colour)).toEqual([]);
  });

  test("of a dark page is the tenant's very colour where that stands out from the card, and lighter where it does not", () => {
    expect(darkAccent("#f2b705").fill).toBe("#f2b705");
    expect(contrast(darkAccent("#0b1f4b").fill, darkPalette.card)).toBeGreaterThanOrEqual(3);
  });

  test("does not depend on the colour's case", () => {
    expect(lightAccent("#F2B705")).toEqual(lightAccent("#f2b705"));
    expect(normalizeColour("#AbCdEf")).toBe("#abcdef");
  });

  test.each(["", "red", "#fff", "#12345", "#1234567", "#12345g", "#123456;}", "#123456\n", " #123456"])(
    "is refused for %j",
    (colour) => {
      expect(() => accentStyle(colour)).toThrow(RangeError);
    },
  );

  test("is derived once for each colour", () => {
    expect(accentStyle("#0f766e")).toBe(accentStyle("#0f766e"));
    expect(accentStyle("#0f766e").css).not.toBe(accentStyle("#0f766f").css);
  });
});
