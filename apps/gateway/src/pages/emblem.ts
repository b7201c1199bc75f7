import { accentStyle, signetAccent } from "./accent.ts";
import { uriSource } from "./content-security-policy.ts";
import { Html, html } from "./html.ts";
import { isWebUri, webScheme } from "./links.ts";
import type { Branding, ClientView } from "./views.ts";

/** A small picture that stands for somebody, always beside the name and so without a text of its own. */
export interface Emblem {
  readonly markup: Html;
  /** The CSP source that the picture is loaded from, if it is. */
  readonly imageSource?: string;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const firstReadable = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
/** Enough for the longest emoji sequences, and little enough for any number of combining marks. */
const longestInitial = 32;

/** Signet's own mark: a seal with an S engraved in it. */
const mark = new Html(
  '<svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">' +
    '<circle class="edge" cx="24" cy="24" r="19.5" fill="none" stroke-width="6.6" stroke-linecap="round" pathLength="18" stroke-dasharray="0 1"/>' +
    '<circle cx="24" cy="24" r="20.2" stroke="none"/><circle cx="24" cy="24" r="15.5" fill="none" stroke-width="1.2" opacity=".55"/>' +
    '<path d="M28.3 18.4A4.6 4.6 0 1 0 24 24A4.6 4.6 0 1 1 19.7 29.6" fill="none" stroke-width="3" stroke-linecap="round"/></svg>',
);

/** Stands for an application whose name has no readable character. */
const applicationSign = new Html(
  '<svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5"><rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2"/><path d="M3 7.75h14"/></svg>',
);

/** The mark as a browser shows it in a tab: filled with the accent, and without the fine lines that are lost at that size. */
const tabIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="COLOUR"/>' +
    '<path d="M30 16.5A8 8 0 1 0 24 24A8 8 0 1 1 18 31.5" fill="none" stroke="TEXT" stroke-width="5" stroke-linecap="round"/></svg>',
)}`;

/** What stands for the page in the browser's tab: the tenant's logo, or Signet's mark in the tenant's colour. */
export function brandIcon(branding: Branding | undefined): Emblem {
  const imageSource = imageSourceOf(branding?.logoUri);
  if (imageSource !== undefined) return { markup: html`<link rel="icon" href="${branding?.logoUri}">`, imageSource };
  const { fill, onFill } = accentStyle(branding?.accentColor ?? signetAccent).light;
  const href = tabIcon.replace("COLOUR", encodeURIComponent(fill)).replace("TEXT", encodeURIComponent(onFill));
  return { markup: html`<link rel="icon" type="image/svg+xml" href="${href}">`, imageSource: "data:" };
}

/** The tenant's logo, or Signet's mark. */
export function brandEmblem(branding: Branding | undefined): Emblem {
  const imageSource = imageSourceOf(branding?.logoUri);
  if (imageSource === undefined) return { markup: mark };
  return { markup: html`<img class="logo" src="${branding?.logoUri}" alt="" referrerpolicy="no-referrer">`, imageSource };
}

/** The application's logo, or its initial in a rounded square. */
export function clientEmblem({ name, logoUri }: ClientView): Emblem {
  const imageSource = imageSourceOf(logoUri);
  if (imageSource === undefined)
    return { markup: html`<span class="emblem" aria-hidden="true">${initialOf(name) ?? applicationSign}</span>` };
  return {
    markup: html`<img class="emblem" src="${logoUri}" alt="" width="44" height="44" referrerpolicy="no-referrer">`,
    imageSource,
  };
}

/** A person's initial in a circle. */
export function personEmblem(name: string): Html {
  return html`<span class="emblem round" aria-hidden="true">${initialOf(name)}</span>`;
}

/** The first character of `name` that can be read, as people see characters; undefined where there is none. An address begins with its host. */
function initialOf(name: string): string | undefined {
  const shown = name.replace(webScheme, "");
  const start = shown.search(firstReadable);
  if (start < 0) return undefined;
  for (const { segment } of graphemes.segment(shown.slice(start, start + longestInitial))) return segment.toUpperCase();
  return undefined;
}

/** Undefined for a logo that no page may load, which is then not shown. */
function imageSourceOf(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  if (uri.startsWith("data:image/")) return "data:";
  return isWebUri(uri) ? uriSource(uri) : undefined;
}
