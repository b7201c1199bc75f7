import { applicationSources, contentSecurityPolicy, hashSource } from "./content-security-policy.ts";
import { Html, html } from "./html.ts";
import { documentHead, type Page } from "./page.ts";
import { stylesheetSource } from "./stylesheet.ts";

export interface FormPostView {
  /** The validated redirect URI. */
  readonly redirectUri: string;
  /** The authorization response's parameters, in order. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** Taken from the prototype, because a response parameter named "submit" would hide the form's own method. */
const submitScript = 'HTMLFormElement.prototype.submit.call(document.getElementById("form-post"))';
const script = new Html(`<script>${submitScript}</script>`);
const styleSources = [stylesheetSource];
const scriptSources = [hashSource(submitScript)];

/**
 * Carries an authorization response to the application (OAuth 2.0 Form Post Response Mode, section 2): the form submits itself, or by its button where scripts are off.
 * Shows itself only when that takes a while. Throws RangeError for a redirect URI that no form may be posted to.
 */
export function formPostPage({ redirectUri, parameters }: FormPostView): Page {
  const fields = parameters.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`);
  const markup = html`${documentHead}<title>Continue to the application</title></head>
<body><div class="shell"><div class="card late">
<main><h1 id="heading">Continue to the application</h1>
<p class="lead">You are being taken back to the application. If nothing happens, press the button.</p>
<form id="form-post" method="post" action="${redirectUri}">
${fields}
<button class="button primary" id="continue" type="submit" autofocus>Continue</button>
</form></main>
</div></div>${script}</body></html>
`;
  return {
    status: 200,
    html: markup.toString(),
    contentSecurityPolicy: contentSecurityPolicy({
      styles: styleSources,
      scripts: scriptSources,
      formTargets: applicationSources(redirectUri),
    }),
  };
}
