import { html } from "./html.ts";
import { type Page, page } from "./page.ts";
import type { Branding } from "./views.ts";

export interface SignedOutView {
  readonly branding: Branding;
  /** The issuer's own sign-in: a path or an absolute URI, made by Signet itself. */
  readonly signInUri: string;
}

/** Where a sign-out ends that no application waits for. */
export function signedOutPage({ branding, signInUri }: SignedOutView): Page {
  return page({
    status: 200,
    title: "You are signed out",
    branding,
    main: html`<h1 id="heading">You are signed out</h1>
<p class="lead">If others use this computer, close the browser too: applications may keep a session of their own.</p>
<a class="button primary only-action" id="sign-in-link" href="${signInUri}">Sign in again</a>`,
  });
}
