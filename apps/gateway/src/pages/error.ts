import { type Html, html } from "./html.ts";
import { isWebUri } from "./links.ts";
import { type Page, page } from "./page.ts";
import type { Branding } from "./views.ts";

export interface ErrorView {
  readonly branding?: Branding;
  readonly status: number;
  readonly heading: string;
  /** What happened and what to do, for the person at the screen. */
  readonly message: string;
  /** The OAuth error code, for developers. */
  readonly code?: string;
  /** What the log knows the error by. */
  readonly errorId?: string;
  readonly homeUri?: string;
}

const issuerPath = /^\/(?![/\\])/;

/** An error that ends here, on Signet's own origin, rather than at the application. */
export function errorPage({ branding, status, heading, message, code, errorId, homeUri }: ErrorView): Page {
  return page({
    status,
    title: heading,
    branding,
    main: html`<h1 id="heading" dir="auto">${heading}</h1>
<p class="lead" id="message" dir="auto">${message}</p>
${details(code, errorId)}
${homeUri !== undefined && (issuerPath.test(homeUri) || isWebUri(homeUri)) ? html`<a class="button only-action" id="home" href="${homeUri}">Go to the start page</a>` : undefined}`,
  });
}

function details(code: string | undefined, errorId: string | undefined): Html | undefined {
  if (code === undefined && errorId === undefined) return undefined;
  return html`<dl class="details">${code === undefined ? undefined : html`<dt>Error</dt><dd id="error-code">${code}</dd>`}${
    errorId === undefined ? undefined : html`<dt>Reference</dt><dd id="error-id">${errorId}</dd>`
  }</dl>`;
}
