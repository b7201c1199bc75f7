import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  consentPage,
  errorPage,
  formPostPage,
  type Page,
  type SignInView,
  selectAccountPage,
  signedInPage,
  signedOutPage,
  signInPage,
  signOutPage,
} from "./index.ts";

const branding = {
  name: "Northwind",
  logoUri: "https://cdn.northwind.example/logo.png",
  accentColor: "#f2b705",
  welcomeText: "Welcome",
};
const client = {
  name: "Acme Notes",
  logoUri: "https://notes.acme.example/logo.png",
  clientUri: "https://notes.acme.example/",
  policyUri: "https://notes.acme.example/privacy",
  tosUri: "https://notes.acme.example/terms",
  isUnreviewed: true,
};
const user = { name: "Ada Lovelace", username: "ada" };
const scopes = [
  { name: "email", description: "See your email address" },
  { name: "roles", description: "" },
];
const claims = [{ name: "birthdate", description: "See your birth date" }];
const form = { action: "/northwind/sign-in/1", csrfToken: "token", formTargets: ["https://notes.acme.example"] };

const signIn: SignInView = { branding, client, ...form };
const consent = { branding, client, user, scopes, claims, ...form };
const selectAccount = { branding, client, user, ...form };
const error = { branding, status: 400, heading: "Heading", message: "Message.", code: "code", errorId: "id", homeUri: "/" };
const signedIn = { branding, user, signOutAction: "/sign-out", csrfToken: "token" };
const signedOut = { branding, signInUri: "/northwind/" };
const signOut = {
  branding,
  client,
  user,
  action: "/sign-out",
  csrfToken: "token",
  stayUri: "/signed-in",
  formTargets: ["https:"],
};
const sent = [{ name: "client_id", value: "1" }];
const back = { client, uri: "https://notes.acme.example/out?state=a", automatic: true };
const frames = ["https://notes.acme.example/logout?sid=1"];
const formPost = { redirectUri: "https://notes.acme.example/cb", parameters: [{ name: "code", value: "c" }] };

const pages: readonly [name: string, page: Page, heading: string, title: string][] = [
  ["sign-in", signInPage(signIn), "Sign in", "Sign in · Northwind"],
  ["sign-in without a client", signInPage({ branding: { name: "Signet" }, ...form }), "Sign in", "Sign in · Signet"],
  [
    "sign-in with a problem",
    signInPage({ ...signIn, username: "ada", problem: "credentials" }),
    "Sign in",
    "Sign in · Northwind",
  ],
  ["consent", consentPage(consent), "Allow access", "Allow access · Northwind"],
  [
    "consent to a bare client",
    consentPage({ ...consent, branding: { name: "Signet" }, client: { name: "" }, scopes: [], claims: [] }),
    "Allow access",
    "Allow access · Signet",
  ],
  ["select-account", selectAccountPage(selectAccount), "Choose an account", "Choose an account · Northwind"],
  ["error", errorPage(error), "Heading", "Heading · Northwind"],
  [
    "bare error",
    errorPage({ status: 500, heading: "Something went wrong", message: "x" }),
    "Something went wrong",
    "Something went wrong · Signet",
  ],
  ["signed-in", signedInPage(signedIn), "You are signed in", "You are signed in · Northwind"],
  ["signed-out", signedOutPage(signedOut), "You are signed out", "You are signed out · Northwind"],
  ["sign-out", signOutPage({ ...signOut, parameters: sent }), "Sign out?", "Sign out · Northwind"],
  [
    "signed-out with frames",
    signedOutPage({ ...signedOut, frames, back }),
    "You are signed out",
    "You are signed out · Northwind",
  ],
  [
    "signed-out with a way back",
    signedOutPage({ ...signedOut, back: { ...back, automatic: false } }),
    "You are signed out",
    "You are signed out · Northwind",
  ],
  ["form-post", formPostPage(formPost), "Continue to the application", "Continue to the application"],
];

function all(markup: string, pattern: RegExp): readonly string[] {
  return [...markup.matchAll(pattern)].map((match) => match[1] ?? "");
}

function directive(page: Page, name: string): readonly string[] {
  const found = page.contentSecurityPolicy.split("; ").find((text) => text.startsWith(`${name} `));
  return found === undefined ? [] : found.split(" ").slice(1);
}

function hashes(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}

/** The elements that are not closed where they should be. */
function misnested(markup: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const content = markup.replaceAll(/<(style|script)>.*?<\/\1>/gs, "");
  for (const [, slash, name = "", rest = ""] of content.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
    if (slash === "" && !/\/$/.test(rest) && !/^(meta|input|img|br|hr|link)$/.test(name)) open.push(name);
    if (slash === "/" && open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

describe.each(pages)("the %s page", (_, page, heading, title) => {
  test("has one heading, and a title that names it and the tenant", () => {
    expect(all(page.html, /<h1 id="heading"[^>]*>([^<]*)<\/h1>/g)).toEqual([heading]);
    expect(all(page.html, /<h1/g)).toHaveLength(1);
    expect(all(page.html, /<title>([^<]*)<\/title>/g)).toEqual([title]);
  });

  test("is well-formed, in English, for both colour schemes, and sends no referrer", () => {
    expect(page.html.startsWith('<!doctype html><html lang="en">')).toBe(true);
    expect(misnested(page.html)).toEqual([]);
    expect(page.html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(page.html).toContain('<meta name="referrer" content="no-referrer">');
  });

  test("has no id twice, and no reference to a missing one", () => {
    const ids = all(page.html, /\sid="([^"]*)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all(page.html, /\s(?:aria-labelledby|aria-describedby|for)="([^"]*)"/g).filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("B5: has a policy with the hashes of exactly its own inline styles and scripts", () => {
    expect(directive(page, "style-src")).toEqual(hashes(all(page.html, /<style>(.*?)<\/style>/gs)));
    expect(directive(page, "script-src")).toEqual(hashes(all(page.html, /<script>(.*?)<\/script>/gs)));
    expect(directive(page, "default-src")).toEqual(["'none'"]);
    expect(directive(page, "base-uri")).toEqual(["'none'"]);
    expect(directive(page, "frame-ancestors")).toEqual(["'none'"]);
    expect(page.html).not.toMatch(/<(script|style)[^>]+>|\sstyle=|\son[a-z]+="/);
  });

  test("loads images only from where its logos and its icon are", () => {
    const uris = all(page.html, /<(?:img[^>]*\ssrc|link[^>]*\shref)="([^"]*)"/g);
    const sources = uris.map((uri) => (uri.startsWith("data:") ? "data:" : new URL(uri).origin));
    expect(directive(page, "img-src")).toEqual([...new Set(sources)]);
  });

  test("opens other tabs only without a way back, and says so", () => {
    const links = all(page.html, /(<a [^>]*target="_blank"[^>]*>.*?<\/a>)/g);
    expect(links.filter((link) => !link.includes('rel="noopener noreferrer"') || !link.includes("(opens in a new tab)"))).toEqual(
      [],
    );
  });
});

describe("scripts", () => {
  test("are constant, and on pages with forms or a way on only: one keeps a form from being sent twice, one posts itself, one goes on", () => {
    const scripts = pages.flatMap(([name, page]) => all(page.html, /<script>(.*?)<\/script>/gs).map((script) => [name, script]));
    expect(scripts.filter(([name]) => name !== "form-post").map(([name]) => name)).toEqual([
      "sign-in",
      "sign-in without a client",
      "sign-in with a problem",
      "consent",
      "consent to a bare client",
      "select-account",
      "signed-in",
      "sign-out",
      "signed-out with frames",
    ]);
    expect(new Set(scripts.map(([, script]) => script)).size).toBe(3);
  });
});

/** Begins with the letter that stands in the emblem of the harmless value, so that the pages differ by the value alone. */
const hostile = `v"'><script>alert(1)</script><img src=x onerror=alert(2)></title></style><!--&amp;\u202e`;
const escaped =
  "v&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;&lt;/title&gt;&lt;/style&gt;&lt;!--&amp;amp;\u202e";

const fields: readonly [field: string, render: (value: string) => Page][] = [
  ["sign-in, tenant's name", (value) => signInPage({ ...signIn, branding: { ...branding, name: value } })],
  [
    "sign-in, tenant's logo",
    (value) => signInPage({ ...signIn, branding: { ...branding, logoUri: `https://x.example/${value}` } }),
  ],
  [
    "sign-in, tenant's embedded logo",
    (value) => signInPage({ ...signIn, branding: { ...branding, logoUri: `data:image/png,${value}` } }),
  ],
  ["sign-in, welcome text", (value) => signInPage({ ...signIn, branding: { ...branding, welcomeText: value } })],
  ["sign-in, client's name", (value) => signInPage({ ...signIn, client: { name: value, policyUri: client.policyUri } })],
  ["sign-in, client's logo", (value) => signInPage({ ...signIn, client: { ...client, logoUri: `https://x.example/${value}` } })],
  [
    "sign-in, client's policy",
    (value) => signInPage({ ...signIn, client: { ...client, policyUri: `https://x.example/${value}` } }),
  ],
  ["sign-in, client's terms", (value) => signInPage({ ...signIn, client: { ...client, tosUri: `https://x.example/${value}` } })],
  ["sign-in, username", (value) => signInPage({ ...signIn, username: value })],
  ["sign-in, username in error", (value) => signInPage({ ...signIn, username: value, problem: "credentials" })],
  ["sign-in, action", (value) => signInPage({ ...signIn, action: `/${value}` })],
  ["sign-in, CSRF token", (value) => signInPage({ ...signIn, csrfToken: value })],
  ["consent, tenant's name", (value) => consentPage({ ...consent, branding: { ...branding, name: value } })],
  ["consent, client's name", (value) => consentPage({ ...consent, client: { name: value } })],
  ["consent, linked client's name", (value) => consentPage({ ...consent, client: { ...client, name: value } })],
  [
    "consent, client's address",
    (value) => consentPage({ ...consent, client: { ...client, clientUri: `https://x.example/${value}` } }),
  ],
  [
    "consent, client's logo",
    (value) => consentPage({ ...consent, client: { ...client, logoUri: `https://x.example/${value}` } }),
  ],
  [
    "consent, client's policy",
    (value) => consentPage({ ...consent, client: { ...client, policyUri: `https://x.example/${value}` } }),
  ],
  [
    "consent, client's terms",
    (value) => consentPage({ ...consent, client: { ...client, tosUri: `https://x.example/${value}` } }),
  ],
  ["consent, user's name", (value) => consentPage({ ...consent, user: { ...user, name: value } })],
  ["consent, username", (value) => consentPage({ ...consent, user: { ...user, username: value } })],
  ["consent, username alone", (value) => consentPage({ ...consent, user: { name: "", username: value } })],
  ["consent, scope", (value) => consentPage({ ...consent, scopes: [{ name: value, description: "" }] })],
  ["consent, scope's description", (value) => consentPage({ ...consent, scopes: [{ name: "roles", description: value }] })],
  ["consent, claim", (value) => consentPage({ ...consent, claims: [{ name: value, description: "" }] })],
  ["consent, claim's description", (value) => consentPage({ ...consent, claims: [{ name: "desk", description: value }] })],
  ["select-account, tenant's name", (value) => selectAccountPage({ ...selectAccount, branding: { ...branding, name: value } })],
  ["select-account, client's name", (value) => selectAccountPage({ ...selectAccount, client: { name: value } })],
  ["select-account, user's name", (value) => selectAccountPage({ ...selectAccount, user: { ...user, name: value } })],
  ["select-account, username", (value) => selectAccountPage({ ...selectAccount, user: { ...user, username: value } })],
  ["select-account, action", (value) => selectAccountPage({ ...selectAccount, action: `/${value}` })],
  ["select-account, CSRF token", (value) => selectAccountPage({ ...selectAccount, csrfToken: value })],
  ["consent, action", (value) => consentPage({ ...consent, action: `/${value}` })],
  ["consent, CSRF token", (value) => consentPage({ ...consent, csrfToken: value })],
  ["error, tenant's name", (value) => errorPage({ ...error, branding: { name: value } })],
  ["error, heading", (value) => errorPage({ ...error, heading: value })],
  ["error, message", (value) => errorPage({ ...error, message: value })],
  ["error, code", (value) => errorPage({ ...error, code: value })],
  ["error, reference", (value) => errorPage({ ...error, errorId: value })],
  ["error, start page", (value) => errorPage({ ...error, homeUri: `/${value}` })],
  ["signed-in, tenant's name", (value) => signedInPage({ ...signedIn, branding: { name: value } })],
  ["signed-in, user's name", (value) => signedInPage({ ...signedIn, user: { ...user, name: value } })],
  ["signed-in, username", (value) => signedInPage({ ...signedIn, user: { ...user, username: value } })],
  ["signed-in, action", (value) => signedInPage({ ...signedIn, signOutAction: `/${value}` })],
  ["signed-in, CSRF token", (value) => signedInPage({ ...signedIn, csrfToken: value })],
  ["signed-out, tenant's name", (value) => signedOutPage({ branding: { name: value }, signInUri: "/" })],
  ["signed-out, sign-in", (value) => signedOutPage({ ...signedOut, signInUri: `/${value}` })],
  ["form-post, redirect URI", (value) => formPostPage({ ...formPost, redirectUri: `https://x.example/${value}` })],
  ["form-post, parameter's name", (value) => formPostPage({ ...formPost, parameters: [{ name: value, value: "x" }] })],
  ["form-post, parameter's value", (value) => formPostPage({ ...formPost, parameters: [{ name: "state", value }] })],
];

describe.each(fields)("B6, B7: a hostile value (%s)", (_, render) => {
  test("changes nothing of the page but the text that it stands in", () => {
    const page = render(hostile);
    expect(page.html).toContain(escaped);
    expect(page.html.replaceAll(escaped, "v")).toBe(render("v").html);
    expect(page.contentSecurityPolicy).toBe(render("v").contentSecurityPolicy);
  });
});
