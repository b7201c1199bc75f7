import { hashSource } from "./content-security-policy.ts";
import { Html, html } from "./html.ts";

/** A page that the browser leaves by itself, once all on it has loaded. */
export interface Continuation {
  readonly uri: string;
}

/** A frame that hangs keeps nobody: as long as this, and no longer. */
const patienceSeconds = 5;

const script =
  'const go=()=>location.replace(document.getElementById("continue").href);' +
  `addEventListener("load",go);setTimeout(go,${patienceSeconds * 1000})`;

const scriptElement = new Html(`<script>${script}</script>`);

export const continuationSource = hashSource(script);

/** The way on for a person, and for the script: a page has at most one. */
export function continueButton(uri: string, label: Html): Html {
  return html`<a class="button primary only-action" id="continue" href="${uri}">${label}</a>`;
}

/** The way on for a browser without scripts, in the page's head. Behind `url=` all of the URI is taken as it is. */
export function continuationHead({ uri }: Continuation): Html {
  return html`<noscript><meta http-equiv="refresh" content="${patienceSeconds};url=${uri}"></noscript>`;
}

/** The way on for one with scripts. */
export const continuationScript = scriptElement;
