import { application } from "./application.ts";
import { clientEmblem, personEmblem } from "./emblem.ts";
import { Html, html } from "./html.ts";
import { type Page, page } from "./page.ts";
import type { Branding, ClientView, UserView } from "./views.ts";

export interface SelectAccountView {
  readonly branding: Branding;
  readonly client: ClientView;
  /** Who is signed in. */
  readonly user: UserView;
  /** The path that the form is posted to. */
  readonly action: string;
  readonly csrfToken: string;
  /** CSP sources, beside the issuer's own, that the answer to the form may redirect to: browsers apply `form-action` to it. */
  readonly formTargets: readonly string[];
}

const anotherSign = new Html(
  '<span class="emblem" aria-hidden="true"><svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" focusable="false"><path d="M10 4v12M4 10h12"/></svg></span>',
);

/** Asks which account to go on with. The form posts `account=same`, `account=another` or `account=none`. */
export function selectAccountPage({ branding, client, user, action, csrfToken, formTargets }: SelectAccountView): Page {
  const emblem = clientEmblem(client);
  const name = user.name.trim() === "" ? user.username : user.name;
  return page({
    status: 200,
    title: "Choose an account",
    branding,
    main: html`<h1 id="heading">Choose an account</h1>
${application(client, emblem)}
<form id="select-account" method="post" action="${action}" aria-labelledby="heading">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<div class="accounts"><button class="button account-choice" id="same-account" type="submit" name="account" value="same">${personEmblem(name)}<span><span class="visually-hidden">Continue as </span><strong id="user-name" dir="auto">${name}</strong>${
      name === user.username ? undefined : html`<small id="user-username" dir="auto">${user.username}</small>`
    }</span></button>
<button class="button account-choice" id="another-account" type="submit" name="account" value="another">${anotherSign}<span>Sign in with another account</span></button></div>
<button class="button plain" id="cancel" type="submit" name="account" value="none">Cancel</button>
</form>`,
    emblems: [emblem],
    formTargets: ["'self'", ...formTargets],
  });
}
