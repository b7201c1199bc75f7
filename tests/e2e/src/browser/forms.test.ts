import {
  authorizationUrl,
  createTenant,
  hiddenFields,
  newApplication,
  type Person,
  rawRequest,
  type Signet,
  signIn,
  startSignet,
  userAgent,
  type Visit,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { post } from "../outcomes.ts";

let signet: Signet;
let admin: Person;
beforeAll(async () => {
  // Whoever fills the password pool with wrong passwords is refused for that long before it is full.
  signet = await startSignet({ environment: { SIGNET_SIGN_INS_PER_ACCOUNT: "off", SIGNET_SIGN_INS_PER_ADDRESS: "off" } });
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();
const tokenOf = ({ html }: Visit) => hiddenFields(html).csrf_token ?? "";

/** A browser at the sign-in page of an application that nobody has allowed anything yet. */
async function atSignIn() {
  const { agent, client } = await newApplication(signet);
  return { agent, client, page: await agent.open(authorizationUrl(signet.url, client)) };
}

/** The same at the consent page. */
async function atConsent() {
  const { agent, client, page } = await atSignIn();
  const consent = await agent.submit(page, { ...admin });
  expect(consent.heading).toBe("Allow access");
  return { agent, client, page: consent };
}

/** Bodies of a POST that comes from none of our pages; `other` is the right token of another sign-in in progress. */
const forgeries: readonly [name: string, tokenField: (right: string, other: string) => string][] = [
  ["without a token", () => ""],
  ["with an empty token", () => "&csrf_token="],
  ["with the token of another sign-in in progress", (_, other) => `&csrf_token=${other}`],
  ["with a token that is one character too long", (right) => `&csrf_token=${right}A`],
  ["with a token that is cut short", (right) => `&csrf_token=${right.slice(0, -1)}`],
];

describe.each(forgeries)("a form %s", (_, tokenField) => {
  test("B1: signs nobody in: 403, and a fresh form that knows nothing of what was sent", async () => {
    const { agent, page } = await atSignIn();
    const other = await agent.open(`${signet.url}/`);
    const body = `${form({ ...admin })}${tokenField(tokenOf(page), tokenOf(other))}`;
    const reply = await post(agent, page.url, body);
    const html = await reply.text();
    expect(reply.status).toBe(403);
    expect(html).toContain("This page had expired. Please sign in again.");
    expect(html).toContain('role="alert"');
    expect(html).not.toContain('value="admin"');
    expect(reply.headers.getSetCookie()).toEqual([]);
    const callback = await signIn(agent, await agent.submit({ ...page, html }, { ...admin }), admin);
    expect(callback.searchParams.has("code")).toBe(true);
  });

  test("B1: allows nothing: 403", async () => {
    const { agent, page, client } = await atConsent();
    const other = await agent.open(authorizationUrl(signet.url, client, { prompt: "consent" }));
    const reply = await post(agent, page.url, `decision=allow${tokenField(tokenOf(page), tokenOf(other))}`);
    expect(reply.status).toBe(403);
    expect(await reply.text()).toContain("This page has expired");
    const asked = await agent.open(authorizationUrl(signet.url, client, { prompt: "none" }));
    expect(asked.callback?.searchParams.get("error")).toBe("consent_required");
  });

  test("B8: signs nobody out: 403", async () => {
    const { agent } = await atConsent();
    const page = await agent.open(`${signet.url}/`);
    const other = await agent.clone().open(authorizationUrl(signet.url, (await newApplication(signet)).client));
    const reply = await post(agent, `${signet.url}/sign-out`, tokenField(tokenOf(page), tokenOf(other)).slice(1));
    expect(reply.status).toBe(403);
    expect((await agent.open(`${signet.url}/`)).heading).toBe("You are signed in");
  });
});

describe("a form", () => {
  test("B1: from a browser without the cookie is refused, whatever token it carries", async () => {
    for (const { page } of [await atSignIn(), await atConsent()]) {
      const stranger = userAgent(signet.url);
      const reply = await post(stranger, page.url, form({ csrf_token: tokenOf(page), decision: "allow", ...admin }));
      expect(reply.status).toBe(403);
      expect(stranger.setCookies).toEqual([]);
    }
  });

  test("B1: is refused whose token stands in the query", async () => {
    const { agent, page } = await atConsent();
    const reply = await post(agent, `${page.url}?${form({ csrf_token: tokenOf(page) })}`, "decision=allow");
    expect(reply.status).toBe(403);
  });

  test("B1: is refused that has no decision, or another one", async () => {
    const { agent, page } = await atConsent();
    for (const fields of [{}, { decision: "" }, { decision: "yes" }]) {
      const reply = await post(agent, page.url, form({ csrf_token: tokenOf(page), ...fields }));
      expect(reply.status).toBe(400);
    }
    expect((await agent.submit(page, { decision: "allow" })).callback?.searchParams.has("code")).toBe(true);
  });

  test("of the sign-in that was sent twice, side by side, leads to one code", async () => {
    const { agent, client, page } = await atConsent();
    await agent.submit(page, { decision: "allow" });
    const fresh = userAgent(signet.url);
    const again = await fresh.open(authorizationUrl(signet.url, client));
    await expectOneCode(() => post(fresh.clone(), again.url, form({ ...hiddenFields(again.html), ...admin })));
  });

  test("of the consent that was sent twice, side by side, leads to one code", async () => {
    const { agent, page } = await atConsent();
    await expectOneCode(() => post(agent.clone(), page.url, form({ ...hiddenFields(page.html), decision: "allow" })));
  });

  test("of the sign-out that was sent again finds nothing left to do", async () => {
    const { agent } = await atConsent();
    const page = await agent.open(`${signet.url}/`);
    const first = await agent.submit(page, {});
    const second = await agent.submit(page, {});
    expect([first.heading, second.heading]).toEqual(["You are signed out", "You are signed out"]);
  });
});

async function expectOneCode(send: () => Promise<Response>): Promise<void> {
  const replies = await Promise.all([send(), send()]);
  const codes = replies.filter((reply) => reply.headers.get("Location")?.includes("code="));
  const others = replies.filter((reply) => !codes.includes(reply));
  expect([codes.map(({ status }) => status), others.map(({ status }) => status)]).toEqual([[303], [404]]);
  expect(await others[0]?.text()).toContain("This page has expired");
}

describe("a password pool that is full", () => {
  test("is told of on the form, with what was typed but for the password, and passes", async () => {
    const { agent, page } = await atSignIn();
    const wrong = form({ ...hiddenFields(page.html), username: "somebody", password: "not the password" });
    const replies = await Promise.all(Array.from({ length: 300 }, () => post(agent, page.url, wrong)));
    const busy = replies.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([400, 503]));
    const pages = await Promise.all(busy.map((reply) => reply.text()));
    for (const html of pages) {
      expect(html).toContain("Sign-in is busy at the moment. Please wait a little and try again.");
      expect(html).toMatch(/<input id="username"[^>]*value="somebody"/);
      expect(html).not.toContain("not the password");
    }
    expect(new Set(busy.map(({ headers }) => headers.get("Retry-After")))).toEqual(new Set(["1"]));
    expect((await agent.submit({ ...page, html: pages[0] ?? "" }, { ...admin })).heading).toBe("Allow access");
  });
});

describe("parameters that steer nothing", () => {
  const steering = ["return_to", "redirect", "next", "continue", "redirect_to", "url", "returnUrl", "post_logout_redirect_uri"];
  const hostile = ["//evil.example", "/\\evil.example", "https://evil.example/", "/%5cevil.example", "javascript:alert(1)"];
  const all = hostile.flatMap((target) => steering.map((name) => [name, target] as const));

  test("B11: neither in an authorization request, nor on its pages, nor in their forms", async () => {
    const { client } = await newApplication(signet);
    for (const [name, target] of all) {
      const agent = userAgent(signet.url);
      const extra = form({ [name]: target });
      const page = await agent.open(`${authorizationUrl(signet.url, client)}&${extra}`);
      const decorated = await agent.open(`${page.url}?${extra}`);
      expect(decorated.html).not.toContain("evil.example");
      const next = await agent.submit(
        { ...decorated, html: decorated.html.replace(/action="([^"]*)"/, `action="$1?${extra}"`) },
        { ...admin, [name]: target },
      );
      const callback = next.callback ?? (await agent.submit(next, { decision: "allow", [name]: target })).callback;
      expect(`${callback?.origin}${callback?.pathname}`).toBe("https://app.example/callback");
      expect([...(callback?.searchParams.keys() ?? [])]).toEqual(["code", "state", "iss"]);
    }
  });

  test("B11: nor at the issuer's own pages", async () => {
    const tenant = await createTenant(signet, "steered");
    for (const issuer of [signet.url, tenant.issuer]) {
      for (const [name, target] of all) {
        const extra = form({ [name]: target });
        const agent = userAgent(signet.url);
        const start = await agent.request(`${issuer}/?${extra}`);
        expect(start.headers.get("Location")).toMatch(new RegExp(`^${issuer.slice(signet.url.length)}/sign-in/[0-9a-f]+$`));
        const signedOut = await post(agent, `${issuer}/sign-out?${extra}`, `csrf_token=x&${extra}`);
        // The one parameter that has a meaning there is refused, since it is no registered address.
        const destination = name === "post_logout_redirect_uri" ? null : `${issuer.slice(signet.url.length)}/signed-out`;
        expect(signedOut.headers.get("Location")).toBe(destination);
        expect(await (await agent.request(`${issuer}/signed-out?${extra}`)).text()).not.toContain("evil.example");
      }
    }
  });

  test.each([
    "//evil.example",
    "//evil.example/",
    "/\\evil.example/",
    "/%2f%2fevil.example/",
    "/evil.example//",
    "http://evil.example/",
    "/.//evil.example",
  ])("B11: nor does the address itself: %s redirects nowhere else", async (target) => {
    const reply = await rawRequest(signet.url, { target });
    const location = reply.header("location");
    expect(location === undefined || new URL(location, signet.url).origin === signet.url).toBe(true);
  });
});

describe("redirects that answer a POST", () => {
  test("B12: are 303, all of them, so that no browser posts a password on", async () => {
    const { client } = await newApplication(signet);
    const agent = userAgent(signet.url);
    const request = new URL(authorizationUrl(signet.url, client));
    const posted = (changes: Readonly<Record<string, string>>) =>
      post(agent, request.origin + request.pathname, form({ ...Object.fromEntries(request.searchParams), ...changes }));
    const statuses: Record<string, number> = {};

    const toSignIn = await posted({});
    statuses["a request, to the sign-in"] = toSignIn.status;
    const page = await agent.open(signet.url + toSignIn.headers.get("Location"));
    const toConsent = await post(agent, page.url, form({ ...hiddenFields(page.html), ...admin }));
    statuses["the sign-in, to the consent"] = toConsent.status;
    const consent = await agent.open(signet.url + toConsent.headers.get("Location"));
    statuses["the consent, to the application"] = (
      await post(agent, consent.url, form({ ...hiddenFields(consent.html), decision: "allow" }))
    ).status;
    statuses["a request with a session, to the application"] = (await posted({})).status;
    statuses["a request that is refused, to the application"] = (await posted({ response_type: "token" })).status;
    const again = await agent.open(signet.url + (await posted({ prompt: "login" })).headers.get("Location"));
    statuses["the sign-in, to the application"] = (
      await post(agent, again.url, form({ ...hiddenFields(again.html), ...admin }))
    ).status;
    const denied = await agent.open(signet.url + (await posted({ prompt: "consent" })).headers.get("Location"));
    statuses["the refusal, to the application"] = (
      await post(agent, denied.url, form({ ...hiddenFields(denied.html), decision: "deny" }))
    ).status;
    const signedIn = await agent.open(`${signet.url}/`);
    statuses["the sign-out"] = (await post(agent, `${signet.url}/sign-out`, form(hiddenFields(signedIn.html)))).status;

    expect(new Set(Object.values(statuses)), JSON.stringify(statuses)).toEqual(new Set([303]));
  });
});
