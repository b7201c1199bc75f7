import { describe, expect, test } from "vitest";
import { contrast } from "./colour.ts";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";
import { stylesheet } from "./stylesheet.ts";

describe.each<[string, Palette]>([
  ["light", lightPalette],
  ["dark", darkPalette],
])("the %s palette", (_, palette) => {
  test.each(["text", "mutedText"] as const)("has its %s at 4.5:1 on every surface", (text) => {
    for (const surface of [palette.page, palette.card, palette.inset]) {
      expect(contrast(palette[text], surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("has the alert's text at 4.5:1, and the edge of a field in error at 3:1", () => {
    expect(contrast(palette.dangerText, palette.dangerSurface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.dangerText, palette.card)).toBeGreaterThanOrEqual(3);
  });

  test("has the edges of fields at 3:1", () => {
    expect(contrast(palette.edge, palette.card)).toBeGreaterThanOrEqual(3);
  });
});

describe("the stylesheet", () => {
  test("loads nothing and cannot end its element", () => {
    expect(stylesheet).not.toMatch(/url\(|@import|@font-face|</);
  });

  test("closes every block that it opens", () => {
    expect(stylesheet.split("{").length).toBe(stylesheet.split("}").length);
  });

  test.each(["prefers-color-scheme:dark", "prefers-reduced-motion:reduce", "prefers-contrast:more", "forced-colors:active"])(
    "answers %s",
    (feature) => {
      expect(stylesheet).toContain(`@media (${feature})`);
    },
  );
});
