import { type Continuation, continueButton } from "./continuation.ts";
import { type Html, html } from "./html.ts";
import { type Page, page } from "./page.ts";
import { applicationName, type Branding, type ClientView } from "./views.ts";

export interface SignedOutView {
  readonly branding: Branding;
  /** The issuer's own sign-in: a path or an absolute URI, made by Signet itself. */
  readonly signInUri: string;
  /** Addresses that sign the browser out of applications, each to be loaded in a frame (OpenID Connect Front-Channel Logout section 2). */
  readonly frames?: readonly string[];
  /** The application that wants the browser back, and where: a URI that it registered. */
  readonly back?: { readonly client: ClientView; readonly uri: string; readonly automatic: boolean };
}

/** Where a sign-out ends: for good, or until the applications in the frames have done their part. */
export function signedOutPage({ branding, signInUri, frames = [], back }: SignedOutView): Page {
  const continuation: Continuation | undefined = back?.automatic ? { uri: back.uri } : undefined;
  return page({
    status: 200,
    title: "You are signed out",
    branding,
    main: html`<h1 id="heading">You are signed out</h1>
${back?.automatic ? onTheWay(back.client) : html`<p class="lead">If others use this computer, close the browser too: applications may keep a session of their own.</p>`}
${back && continueButton(back.uri, html`<span>${back.automatic ? "Continue to" : "Return to"} <bdi dir="auto">${applicationName(back.client)}</bdi></span>`)}
${back?.automatic ? undefined : html`<a class="button${back === undefined ? " primary only-action" : " next-action"}" id="sign-in-link" href="${signInUri}">Sign in again</a>`}
${frames.map((uri) => html`<iframe hidden sandbox="allow-scripts allow-same-origin" title="Sign-out of an application" src="${uri}"></iframe>`)}`,
    frames,
    continuation,
  });
}

function onTheWay(client: ClientView): Html {
  return html`<p class="lead">You are being taken back to <bdi dir="auto">${applicationName(client)}</bdi>.</p>`;
}
