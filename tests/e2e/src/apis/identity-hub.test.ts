import {
  administer,
  clockwork,
  createTenant,
  createUser,
  hiddenFields,
  newPkce,
  type Person,
  type RegisteredClient,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  type UserAgent,
  userAgent,
} from "@signet/testkit";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, invalidClient, invalidGrant, invalidRequest, outcome } from "../outcomes.ts";

/** The requests of the page "How To: Perform an OAuth Authorization Code Grant", for an app of the tenant `my-company`. */
const time = clockwork();
let signet: Signet;
let tenant: Awaited<ReturnType<typeof createTenant>>;
let person: Person & { readonly id: string };
let app: RegisteredClient;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  tenant = await createTenant(signet, "my-company");
  await administer(signet, "POST", `/${tenant.name}/oidc`, { refresh_tokens: "always" });
  person = await createUser(tenant, "alice", { email: "alice@my-company.example", roles: ["clerk"], claims: { name: "Alice" } });
  app = await registerClient(tenant, { token_endpoint_auth_method: "client_secret_post", grant_types: everyGrant }, tenant.name);
});
afterAll(() => signet.stop());

const everyGrant = ["authorization_code", "refresh_token", "client_credentials"];

/** The page's query: after the question mark comes a line break, which is gone on the wire, and an ampersand. */
function authorizationRequest(more = "", path = "/oauth2/v1/auth/?&"): string {
  const encoded = encodeURIComponent(redirectUri);
  return `${tenant.issuer}${path}response_type=code&client_id=${app.client_id}&redirect_uri=${encoded}&scope=openid%20profile%20email&state=a-state${more}`;
}

async function signedIn(as: Person = person): Promise<UserAgent> {
  const agent = userAgent(signet.url);
  await signIn(agent, await agent.open(authorizationRequest()), as);
  return agent;
}

async function codeFor(agent: UserAgent, more = "", as: Person = person): Promise<string> {
  const callback = await signIn(agent, await agent.open(authorizationRequest(more)), as);
  return callback.searchParams.get("code") ?? "";
}

function postToken(form: Readonly<Record<string, string>>, path = "/oauth2/v1/token/"): Promise<Response> {
  const { client_id, client_secret } = app;
  return fetch(`${tenant.issuer}${path}`, { method: "POST", body: new URLSearchParams({ ...form, client_id, client_secret }) });
}

function exchange(code: string, more: Readonly<Record<string, string>> = {}, path?: string): Promise<Response> {
  return postToken({ grant_type: "authorization_code", code, redirect_uri: redirectUri, ...more }, path);
}

function refresh(refreshToken: string, path?: string): Promise<Response> {
  return postToken({ grant_type: "refresh_token", refresh_token: refreshToken }, path);
}

/** The example responses' status and headers, and a JSON result with the access token, its validity and a refresh token. */
async function expectTokens(reply: Response): Promise<{ access_token: string; id_token: string; refresh_token: string }> {
  expect(reply.status).toBe(200);
  expect(reply.headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
  expect(reply.headers.get("Cache-Control")).toBe("no-store");
  expect(reply.headers.get("Pragma")).toBe("no-cache");
  const tokens = JSON.parse(await reply.text());
  expect(tokens).toStrictEqual({
    access_token: expect.any(String),
    id_token: expect.any(String),
    refresh_token: expect.stringMatching(/^[\w-]{64}$/),
    token_type: "Bearer",
    expires_in: 3600,
  });
  return tokens;
}

describe("step 1: initiating the flow", () => {
  test.each(["/oauth2/v1/auth/?&", "/oauth2/v1/auth/?", "/oauth2/v1/auth?&", "/oauth2/v1/auth?"])(
    "GET /{tenant}%s… leads to a sign-in, and back with a code and the state",
    async (path) => {
      const agent = userAgent(signet.url);
      const page = await agent.open(authorizationRequest("", path));
      expect(page.heading).toBe("Sign in");
      const callback = await signIn(agent, page, person);
      expect(Object.fromEntries(callback.searchParams)).toEqual({
        code: expect.stringMatching(/^[\w-]{43}$/),
        state: "a-state",
        iss: tenant.issuer,
      });
    },
  );

  test("a POST of the same parameters does the same", async () => {
    const { origin, pathname, searchParams } = new URL(authorizationRequest());
    const reply = await (await signedIn()).request(origin + pathname, { method: "POST", body: searchParams });
    expect(reply.status).toBe(303);
    expect(new URL(reply.headers.get("Location") ?? "").searchParams.has("code")).toBe(true);
  });

  test("prompt=none asks nothing: a code where somebody is signed in, login_required where nobody is", async () => {
    const request = authorizationRequest("&prompt=none");
    expect((await (await signedIn()).open(request)).callback?.searchParams.has("code")).toBe(true);
    const { callback } = await userAgent(signet.url).open(request);
    expect(callback?.searchParams.get("error")).toBe("login_required");
  });

  test("prompt=login asks for the password again", async () => {
    const agent = await signedIn();
    const page = await agent.open(authorizationRequest("&prompt=login"));
    expect(page.heading).toBe("Sign in");
    expect((await signIn(agent, page, person)).searchParams.has("code")).toBe(true);
  });

  test("max_age asks for the password again once the sign-in is older, and auth_time says when it was", async () => {
    const agent = await signedIn();
    time.advance(60_000);
    expect((await agent.open(authorizationRequest("&max_age=60"))).callback?.searchParams.has("code")).toBe(true);
    time.advance(1);
    expect((await agent.open(authorizationRequest("&max_age=60"))).heading).toBe("Sign in");
    const { id_token } = await expectTokens(await exchange(await codeFor(agent, "&max_age=60")));
    const { auth_time, iat } = decodeJwt(id_token);
    expect(auth_time).toBe(iat);
  });

  test("response_mode=form_post posts the code and the state to the redirect URI", async () => {
    const page = await (await signedIn()).open(authorizationRequest("&response_mode=form_post"));
    expect([page.status, page.callback]).toEqual([200, undefined]);
    expect(page.html).toContain(`method="post" action="${redirectUri}"`);
    const { code = "", ...others } = hiddenFields(page.html);
    expect(others).toEqual({ state: "a-state", iss: tenant.issuer });
    await expectTokens(await exchange(code));
  });
});

describe("step 2: exchanging the authorization code", () => {
  test.each(["/oauth2/v1/token/", "/oauth2/v1/token"])("POST /{tenant}%s has the documented reply", async (path) => {
    await expectTokens(await exchange(await codeFor(await signedIn()), {}, path));
  });

  test("an authorization with a slash goes with an exchange without one, and the other way round", async () => {
    const agent = await signedIn();
    const without = await agent.open(authorizationRequest("", "/oauth2/v1/auth?&"));
    await expectTokens(await exchange(without.callback?.searchParams.get("code") ?? "", {}, "/oauth2/v1/token/"));
    await expectTokens(await exchange(await codeFor(agent), {}, "/oauth2/v1/token"));
  });

  test("the redirect URI must be present, and the one of the request", async () => {
    const agent = await signedIn();
    expect(await outcome(exchange(await codeFor(agent), { redirect_uri: "" }))).toEqual(invalidRequest);
    expect(await outcome(exchange(await codeFor(agent), { redirect_uri: `${redirectUri}/` }))).toEqual(invalidGrant);
  });

  test("the app's credentials are verified", async () => {
    const form = { grant_type: "authorization_code", code: "a-code", redirect_uri: redirectUri, client_id: app.client_id };
    const reply = await fetch(`${tenant.issuer}/oauth2/v1/token/`, {
      method: "POST",
      body: new URLSearchParams({ ...form, client_secret: "wrong" }),
    });
    expect(reply.headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
    expect(reply.headers.get("Cache-Control")).toBe("no-store");
    expect(await outcome(reply)).toEqual(invalidClient);
  });

  test("PKCE: the code goes only with the verifier of its challenge", async () => {
    const agent = await signedIn();
    const { verifier, challenge } = newPkce();
    const withChallenge = `&code_challenge=${challenge}&code_challenge_method=S256`;
    await expectTokens(await exchange(await codeFor(agent, withChallenge), { code_verifier: verifier }));
    expect(await outcome(exchange(await codeFor(agent, withChallenge)))).toEqual(invalidGrant);
  });

  test("the ID token is this issuer's, with the nonce of the request, and verifies with the tenant's keys", async () => {
    const { id_token } = await expectTokens(await exchange(await codeFor(await signedIn(), "&nonce=n-0S6_WzA2Mj")));
    const keys = createRemoteJWKSet(new URL(`${signet.url}/my-company/oauth2/v1/certs`));
    const options = { issuer: `${signet.url}/my-company`, audience: app.client_id, currentDate: new Date(time.clock()) };
    const { payload } = await jwtVerify(id_token, keys, options);
    expect(payload).toMatchObject({ nonce: "n-0S6_WzA2Mj", sub: person.id });
  });
});

describe("step 3: exchanging a refresh token", () => {
  test.each(["/oauth2/v1/token/", "/oauth2/v1/token"])(
    "POST /{tenant}%s brings a new access token and a new refresh token",
    async (path) => {
      const first = await expectTokens(await exchange(await codeFor(await signedIn())));
      const second = await expectTokens(await refresh(first.refresh_token, path));
      expect(second.access_token).not.toBe(first.access_token);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      await expectTokens(await refresh(second.refresh_token, path));
    },
  );

  test.each([
    { name: "is blocked", change: { blocked: true } },
    { name: "has other roles", change: { roles: ["clerk", "manager"] } },
  ])("it fails once the user $name", async ({ name, change }) => {
    const user = await createUser(tenant, name.replaceAll(" ", "-"), { roles: ["clerk"] });
    const first = await expectTokens(await exchange(await codeFor(userAgent(signet.url), "", user)));
    const second = await expectTokens(await refresh(first.refresh_token));
    await administer(signet, "PATCH", `/${tenant.name}/users/${user.id}`, change);
    expect(await outcome(refresh(second.refresh_token))).toEqual(invalidGrant);
  });

  test("it fails once it has expired", async () => {
    const { refresh_token } = await expectTokens(await exchange(await codeFor(await signedIn())));
    const { refresh_timeout } = await administer(signet, "GET", `/${tenant.name}/oidc`);
    time.advance(Number(refresh_timeout));
    expect(await outcome(refresh(refresh_token))).toEqual(invalidGrant);
  });
});

describe("the tenant's other endpoints", () => {
  test.each(["GET", "POST"])("%s /{tenant}/oauth2/v1/userinfo says who signed in", async (method) => {
    const { access_token } = await expectTokens(await exchange(await codeFor(await signedIn())));
    for (const path of ["/oauth2/v1/userinfo", "/oauth2/v1/userinfo/"]) {
      const reply = await fetch(tenant.issuer + path, { method, headers: { Authorization: `Bearer ${access_token}` } });
      expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/json;charset=UTF-8"]);
      expect(await reply.json()).toMatchObject({ sub: person.id, name: "Alice", email: "alice@my-company.example" });
    }
  });

  test("userinfo takes the access token from the body of a POST as well", async () => {
    const { access_token } = await expectTokens(await exchange(await codeFor(await signedIn())));
    const body = new URLSearchParams({ access_token });
    expect(await outcome(fetch(`${tenant.issuer}/oauth2/v1/userinfo`, { method: "POST", body }))).toEqual(granted);
  });

  test("an app gets a token of its own by client_credentials", async () => {
    const reply = await postToken({ grant_type: "client_credentials" });
    expect(reply.headers.get("Pragma")).toBe("no-cache");
    expect(await reply.json()).toStrictEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
  });

  test("discovery is at /{tenant}/.well-known/openid-configuration, with the issuer https://host/{tenant}", async () => {
    const metadata = await (await fetch(`${signet.url}/my-company/.well-known/openid-configuration`)).json();
    const at = (path: string) => `${signet.url}/my-company/oauth2/v1/${path}`;
    expect(metadata).toMatchObject({
      issuer: `${signet.url}/my-company`,
      authorization_endpoint: at("auth"),
      token_endpoint: at("token"),
      userinfo_endpoint: at("userinfo"),
      jwks_uri: at("certs"),
    });
  });

  test("keys are at /{tenant}/oauth2/v1/certs", async () => {
    for (const path of ["/oauth2/v1/certs", "/oauth2/v1/certs/"]) {
      const { keys } = JSON.parse(await (await fetch(tenant.issuer + path)).text());
      expect(keys).toContainEqual(expect.objectContaining({ use: "sig", alg: "RS256", kid: expect.any(String) }));
    }
  });
});
