import { account } from "./account.ts";
import { clientEmblem } from "./emblem.ts";
import { html } from "./html.ts";
import { outwardLink } from "./links.ts";
import { type Page, page } from "./page.ts";
import { applicationName, type Branding, type ClientView, tenantName, type UserView } from "./views.ts";

export interface SignOutView {
  readonly branding: Branding;
  /** Who asks for it; absent where nobody says so. */
  readonly client?: ClientView;
  readonly user: UserView;
  /** The path that the form is posted to. */
  readonly action: string;
  readonly csrfToken: string;
  /** What the form carries of the request. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Where whoever stays signed in goes. */
  readonly stayUri: string;
  /** CSP sources, beside the issuer's own, that the answer to the form may redirect to. */
  readonly formTargets: readonly string[];
}

/** Asks whether the person wants to sign out, where the request does not prove that it is an application's that they are signed in to. */
export function signOutPage(view: SignOutView): Page {
  const { branding, client, user, action, csrfToken, parameters, stayUri, formTargets } = view;
  const emblem = client && clientEmblem(client);
  return page({
    status: 200,
    title: "Sign out",
    branding,
    main: html`<h1 id="heading">Sign out?</h1>
${
  client &&
  html`<div class="application row">${emblem?.markup}<p><strong>${outwardLink(client.clientUri, html`<bdi id="client-name" dir="auto">${applicationName(client)}</bdi>`)}</strong> asks to sign you out of <bdi dir="auto">${tenantName(branding)}</bdi>.</p></div>`
}
${account(user)}
<p class="note">This also signs you out of the applications that you signed in to here with this browser.</p>
<form id="sign-out" method="post" action="${action}" aria-labelledby="heading">
<input type="hidden" name="csrf_token" value="${csrfToken}">
${parameters.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="choices"><a class="button" id="stay" href="${stayUri}">Cancel</a>
<button class="button primary" id="sign-out-button" type="submit">Sign out</button></div>
</form>`,
    emblems: emblem === undefined ? [] : [emblem],
    formTargets: ["'self'", ...formTargets],
  });
}
