/** A colour in Oklab (CSS Color 4, section 9.3), where a step in lightness looks equally large in every hue. */
interface Oklab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

/** Linear-light red, green and blue, 0 to 1 where a screen can show them. */
interface LinearRgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

const hexColour = /^#[0-9a-f]{6}$/;

/** `colour` in lower case; throws RangeError for anything but `#rrggbb`. */
export function normalizeColour(colour: string): string {
  const normalized = colour.toLowerCase();
  if (!hexColour.test(normalized)) throw new RangeError("a colour is written as #rrggbb");
  return normalized;
}

/** The contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const first = luminance(one);
  const second = luminance(other);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** `colour` made lighter by `amount` of the way from black to white, or darker by a negative one; the hue stays, and the chroma gives way where a screen could not show it. */
export function lighten(colour: string, amount: number): string {
  const { lightness, a, b } = toOklab(toLinear(colour));
  const wanted = Math.min(1, Math.max(0, lightness + amount));
  let chroma = 1;
  let shown = fromOklab({ lightness: wanted, a, b });
  while (!isShowable(shown) && chroma > 0.01) {
    chroma *= 0.95;
    shown = fromOklab({ lightness: wanted, a: a * chroma, b: b * chroma });
  }
  return toHex(shown);
}

function luminance(colour: string): number {
  const { red, green, blue } = toLinear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(colour: string): LinearRgb {
  const channel = (start: number): number => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return { red: channel(1), green: channel(3), blue: channel(5) };
}

function toHex({ red, green, blue }: LinearRgb): string {
  const channel = (linear: number): string => {
    const clipped = Math.min(1, Math.max(0, linear));
    const value = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(red)}${channel(green)}${channel(blue)}`;
}

function isShowable({ red, green, blue }: LinearRgb): boolean {
  return Math.min(red, green, blue) > -0.0005 && Math.max(red, green, blue) < 1.0005;
}

/** The matrices are those of CSS Color 4, section 18. */
function toOklab({ red, green, blue }: LinearRgb): Oklab {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function fromOklab({ lightness, a, b }: Oklab): LinearRgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    red: 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    green: -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    blue: -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  };
}
