import { Html, html } from "./html.ts";
import type { ClientView } from "./views.ts";

export const webScheme = /^https?:\/\//i;

const newTabHint = new Html(
  '<svg class="new-tab" viewBox="0 0 10 10" aria-hidden="true" focusable="false"><path d="M2.5 1.5h6v6M8.2 1.8 1.5 8.5" fill="none" stroke="currentColor" stroke-width="1.4"/></svg>' +
    '<span class="visually-hidden"> (opens in a new tab)</span>',
);

/** Whether `uri` leads to the web. Whatever else a registration let through (`javascript:`) never becomes a link or an image. */
export function isWebUri(uri: string): boolean {
  return webScheme.test(uri) && URL.canParse(uri);
}

/** A link out of Signet; only the text where there is nothing to link to. */
export function outwardLink(uri: string | undefined, text: Html): Html {
  if (uri === undefined || !isWebUri(uri)) return text;
  return html`<a href="${uri}" target="_blank" rel="noopener noreferrer">${text}${newTabHint}</a>`;
}

/** The links to the application's privacy policy and terms of service, as far as it has them. */
export function legalLinks({ policyUri, tosUri }: ClientView): readonly Html[] {
  const links: Html[] = [];
  if (policyUri !== undefined && isWebUri(policyUri)) links.push(outwardLink(policyUri, html`Privacy policy`));
  if (tosUri !== undefined && isWebUri(tosUri)) links.push(outwardLink(tosUri, html`Terms of service`));
  return links;
}
