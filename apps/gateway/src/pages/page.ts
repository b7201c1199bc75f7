import { accentStyle } from "./accent.ts";
import { contentSecurityPolicy, uriSource } from "./content-security-policy.ts";
import { type Continuation, continuationHead, continuationScript, continuationSource } from "./continuation.ts";
import { brandEmblem, brandIcon, type Emblem } from "./emblem.ts";
import { Html, html } from "./html.ts";
import { darkPalette, lightPalette } from "./palette.ts";
import { stylesheet, stylesheetSource } from "./stylesheet.ts";
import { submitOnce, submitOnceSource } from "./submit-once.ts";
import { type Branding, tenantName } from "./views.ts";

/** A rendered page, and the policy that must be sent with it as `Content-Security-Policy`. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** What a page puts into the common layout. */
export interface PageContent {
  readonly status: number;
  /** What the page is for; the tenant's name is added. */
  readonly title: string;
  /** Signet itself where there is no tenant to speak for. */
  readonly branding: Branding | undefined;
  readonly main: Html;
  readonly footer?: Html | undefined;
  /** The pictures in `main` and `footer`. */
  readonly emblems?: readonly Emblem[];
  /** CSP sources of where the page's forms lead; a page without forms has none. */
  readonly formTargets?: readonly string[];
  /** URIs of what `main` shows in frames. */
  readonly frames?: readonly string[];
  /** Where the browser goes on to, by the page's link `continue`; it stays where there is none. */
  readonly continuation?: Continuation | undefined;
}

/** How every page begins, up to its own styles and its title. */
export const documentHead = new Html(
  '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">' +
    `<meta name="theme-color" media="(prefers-color-scheme: light)" content="${lightPalette.card}">` +
    `<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${darkPalette.card}">` +
    `<style>${stylesheet}</style>`,
);

/** The layout that all pages with a tenant's branding share. Throws RangeError for form targets and frames that cannot stand in a policy. */
export function page(content: PageContent): Page {
  const { status, title, branding, main, footer, emblems = [], formTargets = [], frames = [], continuation } = content;
  const name = tenantName(branding);
  const brand = brandEmblem(branding);
  const icon = brandIcon(branding);
  const accent = branding?.accentColor === undefined ? undefined : accentStyle(branding.accentColor);
  const hasForms = formTargets.length > 0;
  const markup = html`${documentHead}${accent && html`<style>${new Html(accent.css)}</style>`}${icon.markup}<title>${title} · ${name}</title>${continuation && continuationHead(continuation)}</head>
<body><div class="shell"><div class="card">
<header class="brand">${brand.markup}<span dir="auto">${name}</span></header>
<main>${main}</main>
</div>${footer}</div>${hasForms ? submitOnce : undefined}${continuation && continuationScript}</body></html>
`;
  return {
    status,
    html: markup.toString(),
    contentSecurityPolicy: contentSecurityPolicy({
      styles: accent === undefined ? [stylesheetSource] : [stylesheetSource, accent.source],
      scripts: [...(hasForms ? [submitOnceSource] : []), ...(continuation === undefined ? [] : [continuationSource])],
      images: [icon, brand, ...emblems].flatMap(({ imageSource }) => imageSource ?? []),
      formTargets,
      frames: frames.map(uriSource),
    }),
  };
}
