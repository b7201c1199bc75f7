import { account } from "./account.ts";
import { html } from "./html.ts";
import { type Page, page } from "./page.ts";
import type { Branding, UserView } from "./views.ts";

export interface SignedInView {
  readonly branding: Branding;
  readonly user: UserView;
  /** The path that the sign-out form is posted to. */
  readonly signOutAction: string;
  readonly csrfToken: string;
}

/** The issuer's own start page for somebody who is signed in, and where an interaction ends that no application waits for. */
export function signedInPage({ branding, user, signOutAction, csrfToken }: SignedInView): Page {
  return page({
    status: 200,
    title: "You are signed in",
    branding,
    main: html`<h1 id="heading">You are signed in</h1>
<p class="lead">You can close this page or return to your application.</p>
${account(user)}
<form id="sign-out" method="post" action="${signOutAction}">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<button class="button" id="sign-out-button" type="submit">Sign out</button>
</form>`,
    formTargets: ["'self'"],
  });
}
