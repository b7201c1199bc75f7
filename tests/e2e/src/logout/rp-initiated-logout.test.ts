import {
  type Application,
  authorizationUrl,
  type Clockwork,
  clockwork,
  createTenant,
  createUser,
  hiddenFields,
  newApplication,
  obtainTokens,
  redirectUri,
  refresh,
  type Signet,
  startSignet,
  userAgent,
  userinfo,
  type Visit,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const signedOutUri = "https://app.example/signed-out";
const hour = 60 * 60 * 1000;

let signet: Signet;
let time: Clockwork;
beforeAll(async () => {
  time = clockwork();
  signet = await startSignet({ clockwork: time });
});
afterAll(() => signet.stop());

const metadata = { client_name: "Acme Notes", post_logout_redirect_uris: [signedOutUri, `${signedOutUri}?from=signet`] };

/** An application that the person is signed in to, with its tokens. */
async function signedIn(scope = "openid", more: Partial<Application> = {}) {
  const application = { ...(await newApplication(signet, { metadata })), ...more };
  return { ...application, tokens: await obtainTokens(application, { scope }) };
}

const logoutUrl = (parameters: Readonly<Record<string, string>>, issuer = signet.url) =>
  `${issuer}/oauth2/v1/logout?${new URLSearchParams(parameters)}`;

/** Whether the browser is signed in: then a request without a page is answered with a code. */
async function isSignedIn({ agent, client, issuer }: Application): Promise<boolean> {
  const { callback } = await agent.open(authorizationUrl(issuer, client, { prompt: "none" }));
  return callback?.searchParams.has("code") === true;
}

function expectError(visit: Visit, error: RegExp): void {
  expect(visit.callback).toBeUndefined();
  expect(visit.status).toBe(400);
  expect(visit.html).toMatch(error);
}

describe("a request with an ID token of this session (OpenID Connect RP-Initiated Logout section 2)", () => {
  test("signs out without a question and goes back to the application, with its state", async () => {
    const application = await signedIn();
    const parameters = { id_token_hint: application.tokens.id_token, post_logout_redirect_uri: signedOutUri, state: "a b&c" };
    const { callback } = await application.agent.open(logoutUrl(parameters));
    expect(callback?.href).toBe(`${signedOutUri}?state=a%20b%26c`);
    expect(await isSignedIn(application)).toBe(false);
    expect([...application.agent.cookies.keys()].filter((name) => name.includes("session"))).toEqual([]);
  });

  test("is as good with an ID token that has expired, by POST, and with the client's id beside it", async () => {
    const application = await signedIn();
    time.advance(2 * hour);
    const parameters = { id_token_hint: application.tokens.id_token, client_id: application.client.client_id };
    const body = new URLSearchParams({ ...parameters, post_logout_redirect_uri: signedOutUri });
    const reply = await application.agent.request(`${signet.url}/oauth2/v1/logout`, { method: "POST", body });
    expect([reply.status, reply.headers.get("Location")]).toEqual([303, signedOutUri]);
    expect(await isSignedIn(application)).toBe(false);
  });

  test("that another site posts, and the browser so sends without its cookie, is carried on by GET", async () => {
    const application = await signedIn();
    const parameters = new URLSearchParams({ id_token_hint: application.tokens.id_token, state: "s", ui_locales: "de" });
    const posted = await fetch(`${signet.url}/oauth2/v1/logout`, { method: "POST", body: parameters, redirect: "manual" });
    expect(posted.status).toBe(303);
    expect(posted.headers.getSetCookie()).toEqual([]);
    const { heading } = await application.agent.open(new URL(posted.headers.get("Location") ?? "", signet.url).href);
    expect(heading).toBe("You are signed out");
    expect(await isSignedIn(application)).toBe(false);
  });

  test("ends on a page of its own where it has nowhere to go to", async () => {
    const { agent, tokens } = await signedIn();
    const page = await agent.open(logoutUrl({ id_token_hint: tokens.id_token }));
    expect([page.status, page.heading, page.url]).toEqual([200, "You are signed out", `${signet.url}/signed-out`]);
  });

  test("goes back also where nobody is signed in any more", async () => {
    const { agent, tokens } = await signedIn();
    const request = logoutUrl({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${signedOutUri}?from=signet`,
      state: "s",
    });
    await agent.open(request);
    expect((await agent.open(request)).callback?.href).toBe(`${signedOutUri}?from=signet&state=s`);
  });
});

describe("a request that does not show an ID token of this session", () => {
  test("asks the person, who may say no", async () => {
    const application = await signedIn();
    const page = await application.agent.open(logoutUrl({}));
    expect([page.status, page.heading]).toEqual([200, "Sign out?"]);
    expect(page.html).toContain('href="/signed-in"');
    expect(page.headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
    expect(await isSignedIn(application)).toBe(true);
  });

  test("asks, and goes back to the application after a yes", async () => {
    const application = await signedIn();
    const parameters = { client_id: application.client.client_id, post_logout_redirect_uri: signedOutUri, state: "s" };
    const page = await application.agent.open(logoutUrl(parameters));
    expect(page.html).toContain("Acme Notes");
    const { callback } = await application.agent.submit(page, {});
    expect(callback?.href).toBe(`${signedOutUri}?state=s`);
    expect(await isSignedIn(application)).toBe(false);
  });

  test("asks where the ID token is of another session, which stays as it is", async () => {
    const theirs = await signedIn();
    const application = await signedIn();
    const request = logoutUrl({ id_token_hint: theirs.tokens.id_token, post_logout_redirect_uri: signedOutUri });
    const page = await application.agent.open(request);
    expect(page.heading).toBe("Sign out?");
    expect((await application.agent.submit(page, {})).callback?.href).toBe(signedOutUri);
    expect(await isSignedIn(application)).toBe(false);
    expect(await isSignedIn(theirs)).toBe(true);
  });

  test("that nobody can be asked about leads back to the application only by a link", async () => {
    const { client } = await newApplication(signet, { metadata });
    const parameters = { client_id: client.client_id, post_logout_redirect_uri: signedOutUri };
    const page = await userAgent(signet.url).open(logoutUrl(parameters));
    expect([page.callback, page.heading]).toEqual([undefined, "You are signed out"]);
    expect(page.html).toContain(`id="continue" href="${signedOutUri}"`);
    expect(page.html).toContain("Acme Notes");
  });

  test("B1: the answer to the question is not taken from another page", async () => {
    const application = await signedIn();
    const page = await application.agent.open(logoutUrl({}));
    const { csrf_token: _, ...fields } = hiddenFields(page.html);
    for (const csrf_token of [undefined, "", "0".repeat(43)]) {
      const body = new URLSearchParams({ ...fields, ...(csrf_token === undefined ? {} : { csrf_token }) });
      expect((await application.agent.request(`${signet.url}/sign-out`, { method: "POST", body })).status).toBe(403);
    }
    expect(await isSignedIn(application)).toBe(true);
  });
});

describe("B8: nothing redirects where anything is wrong", () => {
  const uris = [
    `${signedOutUri}/`,
    `${signedOutUri}#`,
    "https://evil.example/",
    redirectUri,
    "//evil.example",
    "/\\evil.example",
  ];
  test.each(uris)("to %s, which is not registered for sign-out (B11)", async (post_logout_redirect_uri) => {
    const application = await signedIn();
    const hinted = { id_token_hint: application.tokens.id_token, post_logout_redirect_uri };
    const named = { client_id: application.client.client_id, post_logout_redirect_uri };
    for (const parameters of [hinted, named]) {
      expectError(await application.agent.open(logoutUrl(parameters)), /post_logout_redirect_uri is not exactly one/);
    }
    const page = await application.agent.open(logoutUrl({}));
    const { csrf_token = "" } = hiddenFields(page.html);
    const body = new URLSearchParams({ csrf_token, ...named });
    const confirmed = await application.agent.request(`${signet.url}/sign-out`, { method: "POST", body });
    expect([confirmed.status, confirmed.headers.get("Location")]).toEqual([400, null]);
    expect(await isSignedIn(application)).toBe(true);
  });

  test("to a registered URI that nobody says is whose", async () => {
    const { agent } = await signedIn();
    expectError(await agent.open(logoutUrl({ post_logout_redirect_uri: signedOutUri })), /id_token_hint or a client_id/);
  });

  test("with a hint that was tampered with", async () => {
    const application = await signedIn();
    const [header = "", payload = "", signature = ""] = application.tokens.id_token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const tampered = [
      `${header}.${encoded({ ...claims, sid: "0".repeat(32) })}.${signature}`,
      `${encoded({ alg: "none", typ: "JWT" })}.${payload}.`,
      `${encoded({ alg: "none", typ: "JWT" })}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      application.tokens.access_token,
      "not-a-token",
    ];
    for (const id_token_hint of tampered) {
      const request = logoutUrl({ id_token_hint, post_logout_redirect_uri: signedOutUri });
      expectError(await application.agent.open(request), /id_token_hint must be an ID token of this issuer/);
    }
    expect(await isSignedIn(application)).toBe(true);
  });

  test("with a hint for another client than the one that is named", async () => {
    const application = await signedIn();
    const other = await newApplication(signet, { metadata });
    const parameters = { id_token_hint: application.tokens.id_token, client_id: other.client.client_id };
    const request = logoutUrl({ ...parameters, post_logout_redirect_uri: signedOutUri });
    expectError(await application.agent.open(request), /client_id must name the client/);
  });

  test("T3: with a hint of another tenant's, which is as none", async () => {
    const { tokens } = await signedIn();
    const home = await createTenant(signet, "logout-elsewhere");
    await createUser(home, "ada");
    const page = await userAgent(signet.url).open(
      logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: signedOutUri }, home.issuer),
    );
    expectError(page, /needs an id_token_hint or a client_id/);
  });
});

describe("a sign-out ends what rests on the session", () => {
  test("the refresh token and the access tokens, opaque as well, but not those of offline_access", async () => {
    const always = { ...metadata, refresh_tokens: "always", access_token_format: "opaque" };
    const online = await newApplication(signet, { metadata: always });
    const { agent } = online;
    const bound = await obtainTokens(online, { scope: "openid" });
    const offline = await newApplication(signet, { metadata, agent });
    const lasting = await obtainTokens(offline, { scope: "openid offline_access" });
    expect((await userinfo(signet.url, bound.access_token)).status).toBe(200);

    await agent.open(logoutUrl({ id_token_hint: bound.id_token }));
    const refused = await refresh(online, bound.refresh_token);
    expect([refused.status, JSON.parse(await refused.text()).error]).toEqual([400, "invalid_grant"]);
    expect((await userinfo(signet.url, bound.access_token)).status).toBe(401);
    expect((await refresh(offline, lasting.refresh_token)).status).toBe(200);
    expect((await userinfo(signet.url, lasting.access_token)).status).toBe(200);
  });

  test("by the page's own button likewise, and nothing of other browsers", async () => {
    const always = { ...metadata, refresh_tokens: "always" };
    const here = await newApplication(signet, { metadata: always });
    const elsewhere = { ...here, agent: userAgent(signet.url) };
    const bound = await obtainTokens(here, { scope: "openid" });
    const others = await obtainTokens(elsewhere, { scope: "openid" });
    const page = await here.agent.open(`${signet.url}/signed-in`);
    expect((await here.agent.submit(page, {})).heading).toBe("You are signed out");
    expect((await refresh(here, bound.refresh_token)).status).toBe(400);
    expect((await refresh(elsewhere, others.refresh_token)).status).toBe(200);
  });
});
