import {
  authorizationUrl,
  newApplication,
  type Person,
  redirectUri,
  type Signet,
  startSignet,
  userAgent,
  type Visit,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What a program that drives the pages goes by. What is here is documented in docs/endpoints.md, and stays. */
interface PageShape {
  readonly path: RegExp;
  readonly heading: string;
  /** The one form's id; undefined where there is none. */
  readonly form: string | undefined;
  /** The fields that a person fills in, by name; each has its name as its id. */
  readonly fields: readonly string[];
  /** Each button, as `id name=value`, or its id alone where it sends nothing of its own. */
  readonly buttons: readonly string[];
  readonly links: readonly string[];
}

const interaction = "[0-9a-f]{32}";
const pages = {
  signIn: {
    path: new RegExp(`^/sign-in/${interaction}$`),
    heading: "Sign in",
    form: "sign-in",
    fields: ["username", "password"],
    buttons: ["submit"],
    links: [],
  },
  consent: {
    path: new RegExp(`^/consent/${interaction}$`),
    heading: "Allow access",
    form: "consent",
    fields: [],
    buttons: ["deny decision=deny", "allow decision=allow"],
    links: [],
  },
  selectAccount: {
    path: new RegExp(`^/select-account/${interaction}$`),
    heading: "Choose an account",
    form: "select-account",
    fields: [],
    buttons: ["same-account account=same", "another-account account=another", "cancel account=none"],
    links: [],
  },
  formPost: {
    path: /^\/oauth2\/v1\/auth$/,
    heading: "Continue to the application",
    form: "form-post",
    fields: [],
    buttons: ["continue"],
    links: [],
  },
  signedIn: {
    path: /^\/signed-in$/,
    heading: "You are signed in",
    form: "sign-out",
    fields: [],
    buttons: ["sign-out-button"],
    links: [],
  },
  signOut: {
    path: /^\/oauth2\/v1\/logout$/,
    heading: "Sign out?",
    form: "sign-out",
    fields: [],
    buttons: ["sign-out-button"],
    links: ["stay"],
  },
  signedOut: {
    path: /^\/signed-out$/,
    heading: "You are signed out",
    form: undefined,
    fields: [],
    buttons: [],
    links: ["sign-in-link"],
  },
} as const satisfies Record<string, PageShape>;

function attributeOf(element: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1];
}

const elements = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([element]) => element);

function shapeOf({ url, heading, html }: Visit) {
  const forms = elements(html, /<form\b[^>]*>/g);
  const fields = elements(html, /<input\b[^>]*>/g).filter((input) => attributeOf(input, "type") !== "hidden");
  for (const field of fields) expect(attributeOf(field, "id")).toBe(attributeOf(field, "name"));
  for (const form of forms) expect(attributeOf(form, "method")).toBe("post");
  return {
    path: new URL(url).pathname,
    heading,
    form: forms.length === 1 ? attributeOf(forms[0] ?? "", "id") : forms.length,
    fields: fields.map((field) => attributeOf(field, "name")),
    buttons: elements(html, /<button\b[^>]*>/g).map((button) => {
      const [id, name, value] = ["id", "name", "value"].map((attribute) => attributeOf(button, attribute));
      return name === undefined ? id : `${id} ${name}=${value}`;
    }),
    links: elements(html, /<a\b[^>]*>/g).flatMap((link) => attributeOf(link, "id") ?? []),
  };
}

function expectPage(page: Visit, { path, form, ...shape }: PageShape): void {
  expect(shapeOf(page)).toEqual({ ...shape, path: expect.stringMatching(path), form: form ?? 0 });
  // The heading is the page's only one of its rank, and is found by its id.
  expect(elements(page.html, /<h1\b[^>]*>/g).map((heading) => attributeOf(heading, "id"))).toEqual(["heading"]);
  // No script is needed: nothing but the answer that is posted on has one.
  if (shape.heading !== pages.formPost.heading) expect(page.html).not.toMatch(/\son[a-z]+="/);
}

let signet: Signet;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet();
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

describe("a program without scripts finds each page by its path, its heading, and the names and ids on it", () => {
  test("from the sign-in, by consent, to the answer that is posted to the application", async () => {
    const { client, agent } = await newApplication(signet);
    const request = authorizationUrl(signet.url, client, { response_mode: "form_post" });
    const signIn = await agent.open(request);
    expectPage(signIn, pages.signIn);
    const refused = await agent.submit(signIn, { ...admin, password: "wrong" });
    expectPage(refused, pages.signIn);
    expect(refused.html).toContain('id="problem"');
    const consent = await agent.submit(refused, { ...admin });
    expectPage(consent, pages.consent);
    const answer = await agent.submit(consent, { decision: "allow" });
    expect(shapeOf(answer)).toMatchObject({ heading: pages.formPost.heading, form: "form-post", buttons: ["continue"] });
    expect(answer.html).toContain(`action="${redirectUri}"`);
    // With the session and the consent that there are now, the answer comes from the authorization endpoint itself.
    expectPage(await agent.open(request), pages.formPost);
  });

  test("to another account", async () => {
    const { client, agent } = await newApplication(signet);
    await agent.submit(await agent.open(`${signet.url}/`), { ...admin });
    const choice = await agent.open(authorizationUrl(signet.url, client, { prompt: "select_account" }));
    expectPage(choice, pages.selectAccount);
    expectPage(await agent.submit(choice, { account: "another" }), pages.signIn);
  });

  test("to the sign-out, of one's own accord and asked for by an application", async () => {
    const agent = userAgent(signet.url);
    const signedIn = await agent.submit(await agent.open(`${signet.url}/`), { ...admin });
    expectPage(signedIn, pages.signedIn);
    expectPage(await agent.submit(signedIn, {}), pages.signedOut);
    await agent.submit(await agent.open(`${signet.url}/`), { ...admin });
    const question = await agent.open(`${signet.url}/oauth2/v1/logout`);
    expectPage(question, pages.signOut);
    expectPage(await agent.submit(question, {}), pages.signedOut);
  });

  test("to what went wrong", async () => {
    const page = await userAgent(signet.url).open(`${signet.url}/oauth2/v1/auth?client_id=nobody`);
    expect([page.status, page.callback]).toEqual([400, undefined]);
    expect(shapeOf(page)).toMatchObject({ form: 0, fields: [], buttons: [] });
    for (const id of ["heading", "message", "error-code", "error-id"]) expect(page.html).toContain(`id="${id}"`);
  });
});
