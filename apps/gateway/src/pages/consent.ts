import { account } from "./account.ts";
import { clientEmblem } from "./emblem.ts";
import { Html, html } from "./html.ts";
import { legalLinks, outwardLink } from "./links.ts";
import { type Page, page } from "./page.ts";
import {
  applicationName,
  type Branding,
  type ClaimView,
  type ClientView,
  type ScopeView,
  tenantName,
  type UserView,
} from "./views.ts";

export interface ConsentView {
  readonly branding: Branding;
  readonly client: ClientView;
  readonly user: UserView;
  /** What the application asks for, in the order of the list. */
  readonly scopes: readonly ScopeView[];
  /** Beside what the scopes bring; behind them in the list. */
  readonly claims: readonly ClaimView[];
  /** The path that the form is posted to. */
  readonly action: string;
  readonly csrfToken: string;
  /** CSP sources, beside the issuer's own, that the answer to the form may redirect to: browsers apply `form-action` to it. */
  readonly formTargets: readonly string[];
}

const check = new Html(
  '<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m4.5 10.5 3.7 3.7 7.3-8" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

/** Asks whether an application may have what it asks for. The form posts `decision=allow` or `decision=deny`. */
export function consentPage({ branding, client, user, scopes, claims, action, csrfToken, formTargets }: ConsentView): Page {
  const emblem = clientEmblem(client);
  const application = applicationName(client);
  return page({
    status: 200,
    title: "Allow access",
    branding,
    main: html`<h1 id="heading">Allow access</h1>
<div class="application row">${emblem.markup}<p><strong>${outwardLink(client.clientUri, html`<bdi id="client-name" dir="auto">${application}</bdi>`)}</strong> wants to use your <bdi dir="auto">${tenantName(branding)}</bdi> account.</p></div>
${client.isUnreviewed === true ? unreviewed(branding, application) : undefined}
${account(user)}
${requested(scopes, claims)}
<p class="note"><bdi dir="auto">${application}</bdi> never sees your password.${terms(client)}</p>
<form id="consent" method="post" action="${action}" aria-labelledby="heading">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<div class="choices"><button class="button" id="deny" type="submit" name="decision" value="deny">Deny</button>
<button class="button primary" id="allow" type="submit" name="decision" value="allow">Allow</button></div>
</form>`,
    emblems: [emblem],
    formTargets: ["'self'", ...formTargets],
  });
}

function requested(scopes: readonly ScopeView[], claims: readonly ClaimView[]): Html | undefined {
  if (scopes.length + claims.length === 0) return undefined;
  // The role is said again because Safari drops it from lists without bullets.
  return html`<section class="section" aria-labelledby="scopes-heading"><h2 id="scopes-heading">What it asks for</h2>
<ul class="scopes" id="scopes" role="list">${scopes.map(
    ({ name, description }) =>
      html`<li data-scope="${name}">${check}<span dir="auto">${description.trim() === "" ? name : description}</span></li>`,
  )}${claims.map(({ name, description }) => html`<li data-claim="${name}">${check}<span dir="auto">${description}</span></li>`)}</ul></section>`;
}

/** RFC 7591 section 5: what such a client says of itself, anybody may say. */
function unreviewed(branding: Branding, application: string): Html {
  return html`<p class="caution" id="unreviewed">Nobody at <bdi dir="auto">${tenantName(branding)}</bdi> has reviewed <bdi dir="auto">${application}</bdi>: it registered itself, under a name of its own choosing.</p>`;
}

function terms(client: ClientView): Html | undefined {
  const [first, second] = legalLinks(client);
  if (first === undefined) return undefined;
  return html` Read its ${first}${second && html` and ${second}`} before you decide.`;
}
