/** The colours that a tenant cannot change, as `#rrggbb`. Text on every surface keeps 4.5:1, and the edges of fields 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
export interface Palette {
  readonly page: string;
  readonly card: string;
  /** A surface set apart within the card. */
  readonly inset: string;
  /** Decorative edges: nothing is understood from them alone. */
  readonly line: string;
  /** Edges of fields and buttons. */
  readonly edge: string;
  readonly text: string;
  readonly mutedText: string;
  readonly dangerText: string;
  readonly dangerSurface: string;
  readonly dangerLine: string;
}

export const lightPalette: Palette = {
  page: "#f3f4f6",
  card: "#ffffff",
  inset: "#f7f8fa",
  line: "#e3e6ea",
  edge: "#868d9a",
  text: "#14171f",
  mutedText: "#565d6b",
  dangerText: "#a01b14",
  dangerSurface: "#fdf3f2",
  dangerLine: "#f0c9c5",
};

export const darkPalette: Palette = {
  page: "#0c0e12",
  card: "#16191f",
  inset: "#1d2128",
  line: "#2b303a",
  edge: "#747c8b",
  text: "#eef0f4",
  mutedText: "#a5acba",
  dangerText: "#ff9d94",
  dangerSurface: "#2a1817",
  dangerLine: "#5c2b27",
};
