import { application } from "./application.ts";
import { clientEmblem } from "./emblem.ts";
import { Html, html } from "./html.ts";
import { legalLinks } from "./links.ts";
import { type Page, page } from "./page.ts";
import { applicationName, type Branding, type ClientView } from "./views.ts";

/** Why the form is shown again. `credentials`: they did not match. `busy`: too many sign-ins just now. `limited`: too many wrong ones. `stale`: the form had expired, or it was not this browser's. */
export type SignInProblem = "credentials" | "busy" | "limited" | "stale";

export interface SignInView {
  readonly branding: Branding;
  /** Absent where a person signs in at the issuer itself. */
  readonly client?: ClientView;
  /** The path that the form is posted to. */
  readonly action: string;
  readonly csrfToken: string;
  /** The login_hint, or what was typed before. */
  readonly username?: string;
  readonly problem?: SignInProblem;
  /** For `limited`: after how many seconds another attempt makes sense. */
  readonly retryAfterSeconds?: number;
  /** CSP sources, beside the issuer's own, that the answer to the form may redirect to: browsers apply `form-action` to it. */
  readonly formTargets: readonly string[];
}

interface ProblemText {
  readonly status: number;
  readonly text: string;
}

/** None of them tells whether the account exists. */
const problems: Readonly<Record<SignInProblem, ProblemText>> = {
  credentials: { status: 400, text: "The username or the password is wrong." },
  busy: { status: 503, text: "Sign-in is busy at the moment. Please wait a little and try again." },
  limited: { status: 429, text: limitedText() },
  stale: { status: 403, text: "This page had expired. Please sign in again." },
};

/** In whole minutes, which is as exact as anybody waits. */
function limitedText(seconds = 60): string {
  const minutes = Math.ceil(seconds / 60);
  return `There were too many attempts to sign in. Please wait ${minutes === 1 ? "a minute" : `${minutes} minutes`} and try again.`;
}

const alertSign = new Html(
  '<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="8" fill="currentColor"/><path d="M10 5.8v5M10 14v.1" stroke="var(--danger-surface)" stroke-width="1.9" stroke-linecap="round"/></svg>',
);

const noState = new Html("");
const described = new Html(' aria-describedby="problem"');
const invalid = new Html(' aria-invalid="true" aria-describedby="problem"');
const focused = new Html(" autofocus");

/** The sign-in form. The first field that is still to be filled in has the focus. */
export function signInPage({
  branding,
  client,
  action,
  csrfToken,
  username = "",
  problem,
  retryAfterSeconds,
  formTargets,
}: SignInView): Page {
  const shown = problem && { ...problems[problem], ...(problem === "limited" && { text: limitedText(retryAfterSeconds) }) };
  const emblem = client && clientEmblem(client);
  const state = problem === undefined ? noState : problem === "credentials" ? invalid : described;
  return page({
    status: shown?.status ?? 200,
    title: "Sign in",
    branding,
    main: html`<h1 id="heading">Sign in</h1>
${client && emblem && application(client, emblem)}${branding.welcomeText && html`<p class="welcome" id="welcome" dir="auto">${branding.welcomeText}</p>`}
${shown && html`<div class="alert" id="problem" role="alert">${alertSign}<p>${shown.text}</p></div>`}
<form id="sign-in" method="post" action="${action}" aria-labelledby="heading">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<div class="field"><label for="username">Username</label>
<input id="username" name="username" type="text" value="${username}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" dir="auto" required${state}${username === "" ? focused : noState}></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${state}${username === "" ? noState : focused}></div>
<button class="button primary" id="submit" type="submit">Sign in</button>
</form>`,
    footer: client && legal(client),
    emblems: emblem ? [emblem] : [],
    formTargets: ["'self'", ...formTargets],
  });
}

function legal(client: ClientView): Html | undefined {
  const links = legalLinks(client);
  if (links.length === 0) return undefined;
  return html`<footer class="legal"><p><bdi dir="auto">${applicationName(client)}</bdi></p><p>${links}</p></footer>`;
}
