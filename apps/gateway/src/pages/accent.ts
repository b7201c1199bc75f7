import { contrast, lighten, normalizeColour } from "./colour.ts";
import { hashSource } from "./content-security-policy.ts";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

/** What a page makes of a tenant's one colour, each as `#rrggbb`. */
export interface Accent {
  /** Fills buttons and the mark. */
  readonly fill: string;
  /** The fill under the pointer: further from `onFill`, so that its text never loses contrast. */
  readonly fillHover: string;
  /** Text on either fill, at least 4.5:1. */
  readonly onFill: string;
  /** The filled button's edge, at least 3:1 against the card, so that a pale button still has a shape. */
  readonly edge: string;
  /** Links and focus rings, at least 4.5:1 against every surface they stand on. */
  readonly text: string;
}

/** A style of one tenant, with the CSP source that allows it. */
export interface AccentStyle {
  readonly css: string;
  readonly source: string;
  readonly light: Accent;
}

export const signetAccent = "#23419f";

const white = "#ffffff";
/** Pure black: no softer one leaves every colour with a text of 4.5:1. */
const black = "#000000";
const lightnessStep = 0.01;
const hoverAmount = 0.06;
const mostStyles = 1000;
const styles = new Map<string, AccentStyle>();

/** The accent on light pages: the tenant's very colour as the fill, darker ones where it is read against the page. Throws RangeError for anything but `#rrggbb`. */
export function lightAccent(colour: string): Accent {
  return accentOn(lightPalette, normalizeColour(colour), -lightnessStep);
}

/** The accent on dark pages: as `lightAccent`, but with a fill that is lifted until it stands out from the card. */
export function darkAccent(colour: string): Accent {
  const fill = shift(normalizeColour(colour), lightnessStep, (tried) => contrast(tried, darkPalette.card) >= 3);
  return accentOn(darkPalette, fill, lightnessStep);
}

/** The declarations that set `colour`'s accents on the root element. */
export function accentCss(colour: string): string {
  return `:root{${declarations(lightAccent(colour))}}@media (prefers-color-scheme:dark){:root{${declarations(darkAccent(colour))}}}`;
}

/** The style that gives a page `colour`'s accents: derived once for each colour and then kept, for a bounded number of colours. */
export function accentStyle(colour: string): AccentStyle {
  const known = styles.get(colour);
  if (known !== undefined) return known;
  const css = accentCss(colour);
  const style = { css, source: hashSource(css), light: lightAccent(colour) };
  if (styles.size >= mostStyles) styles.clear();
  styles.set(colour, style);
  return style;
}

function accentOn(palette: Palette, fill: string, step: number): Accent {
  const surfaces = [palette.page, palette.card, palette.inset];
  const onFill = contrast(fill, white) >= 4.5 ? white : black;
  return {
    fill,
    fillHover: lighten(fill, onFill === white ? -hoverAmount : hoverAmount),
    onFill,
    edge: shift(fill, step, (tried) => contrast(tried, palette.card) >= 3),
    text: shift(fill, step, (tried) => surfaces.every((surface) => contrast(tried, surface) >= 4.5)),
  };
}

/** The first colour on the way from `colour` to black (a negative step) or to white (a positive one) that is enough. */
function shift(colour: string, step: number, isEnough: (tried: string) => boolean): string {
  for (let count = 0; count * Math.abs(step) <= 1; count++) {
    const tried = count === 0 ? colour : lighten(colour, count * step);
    if (isEnough(tried)) return tried;
  }
  return step < 0 ? black : white;
}

function declarations({ fill, fillHover, onFill, edge, text }: Accent): string {
  return `--accent:${fill};--accent-hover:${fillHover};--on-accent:${onFill};--accent-edge:${edge};--accent-text:${text}`;
}
