import {
  createTenant,
  createUser,
  newPkce,
  type Person,
  type Pkce,
  type RegisteredClient,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
  type UserAgent,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectErrorPage, invalidClient, invalidGrant, outcome } from "../outcomes.ts";

/** The request of the page "Authorization Code Flow Request", and the token endpoint that belongs to it. */
let signet: Signet;
let person: Person;
let client: RegisteredClient;
beforeAll(async () => {
  signet = await startSignet();
  person = await createUser(signet, "strict-alice");
  client = await registerClient(signet, { scopes: [{ name: "reports", desc: "Reports", fields: ["roles"] }] });
});
afterAll(() => signet.stop());

type Parameters = Readonly<Record<string, string | undefined>>;

/** The query parameters in the page's order; `changes` take the place of them, undefined leaves one out. */
function authorizationRequest(pkce: Pkce, changes: Parameters = {}, issuer = signet.url, { client_id } = client): string {
  const documented = {
    redirect_uri: redirectUri,
    response_type: "code",
    client_id,
    scope: "openid profile",
    state: "an-opaque-value",
    code_challenge: pkce.challenge,
    code_challenge_method: "S256",
  };
  const sent = Object.entries({ ...documented, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return `${issuer}/api/id/v1/auth/authorize?${new URLSearchParams(sent)}`;
}

function postToken(parameters: Readonly<Record<string, string>>, as = client, issuer = signet.url): Promise<Response> {
  return tokenRequest(issuer, as, parameters, "/api/id/v1/auth/token");
}

function exchange(code: string | null, { verifier }: Pkce): Promise<Response> {
  return postToken({ grant_type: "authorization_code", code: code ?? "", redirect_uri: redirectUri, code_verifier: verifier });
}

async function signedIn(): Promise<UserAgent> {
  const agent = userAgent(signet.url);
  await signIn(agent, await agent.open(authorizationRequest(newPkce())), person);
  return agent;
}

describe("GET /api/id/v1/auth/authorize", () => {
  test("shows the pages of the authorization server, and redirects to the redirect_uri with the code", async () => {
    const agent = userAgent(signet.url);
    const page = await agent.open(authorizationRequest(newPkce()));
    expect([page.status, page.heading]).toEqual([200, "Sign in"]);
    const callback = await signIn(agent, page, person);
    expect(callback.origin + callback.pathname).toBe(redirectUri);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: "an-opaque-value",
      iss: signet.url,
    });
  });

  test("knows the user by the session cookie, and answers with a Location header at once", async () => {
    const agent = await signedIn();
    const reply = await agent.request(authorizationRequest(newPkce()));
    expect(reply.status).toBe(302);
    expect(reply.headers.get("Location")).toMatch(/^https:\/\/app\.example\/callback\?code=[\w-]{43}&state=an-opaque-value&iss=/);
  });

  test.each([
    { name: "state", changes: { state: undefined } },
    { name: "scope", changes: { scope: undefined } },
    { name: "code_challenge", changes: { code_challenge: undefined, code_challenge_method: undefined } },
    { name: "code_challenge, but not its method", changes: { code_challenge: undefined } },
    { name: "code_challenge_method", changes: { code_challenge_method: undefined } },
    { name: "response_type", changes: { response_type: undefined } },
    { name: "state, which is there without a value", changes: { state: "" } },
  ])("without $name the application is told invalid_request at its redirect URI", async ({ changes }) => {
    const request = authorizationRequest(newPkce(), changes);
    for (const agent of [userAgent(signet.url), await signedIn()]) {
      const { callback } = await agent.open(request);
      expect(callback && callback.origin + callback.pathname).toBe(redirectUri);
      const { state, ...others } = Object.fromEntries(callback?.searchParams ?? []);
      expect(others).toEqual({ error: "invalid_request", error_description: expect.any(String), iss: signet.url });
      expect(state).toBe("state" in changes ? undefined : "an-opaque-value");
    }
  });

  test.each(["plain", "s256", "S512"])("the code_challenge_method %s is refused likewise", async (method) => {
    const { callback } = await userAgent(signet.url).open(authorizationRequest(newPkce(), { code_challenge_method: method }));
    expect(callback?.searchParams.get("error")).toBe("invalid_request");
  });

  test("a response_type other than code is unsupported_response_type", async () => {
    const { callback } = await userAgent(signet.url).open(authorizationRequest(newPkce(), { response_type: "token" }));
    expect(callback?.searchParams.get("error")).toBe("unsupported_response_type");
  });

  test.each([
    { name: "an unknown client_id", changes: { client_id: "0123456789abcdef01234567" } },
    { name: "no client_id", changes: { client_id: undefined } },
    { name: "a redirect_uri that is not registered", changes: { redirect_uri: "https://elsewhere.example/" } },
    { name: "no redirect_uri", changes: { redirect_uri: undefined } },
  ])("with $name it is a page, and no redirect", async ({ changes }) => {
    expectErrorPage(await userAgent(signet.url).open(authorizationRequest(newPkce(), changes)));
  });

  test("asks no more of the standard endpoint's requests: there state and PKCE may be left out", async () => {
    const agent = await signedIn();
    const request = authorizationRequest(newPkce(), {
      state: undefined,
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    const { callback } = await agent.open(request.replace("/api/id/v1/auth/authorize", "/oauth2/v1/auth"));
    expect([...(callback?.searchParams.keys() ?? [])]).toEqual(["code", "iss"]);
  });

  test("is there beneath every tenant's issuer", async () => {
    const tenant = await createTenant(signet, "strict-elsewhere");
    const theirs = await registerClient(tenant, {}, tenant.name);
    const theirPerson = await createUser(tenant, "bob");
    const [agent, pkce] = [userAgent(signet.url), newPkce()];
    const request = authorizationRequest(pkce, {}, tenant.issuer, theirs);
    const code = (await signIn(agent, await agent.open(request), theirPerson)).searchParams.get("code") ?? "";
    const parameters = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: pkce.verifier };
    expect((await postToken(parameters, theirs, tenant.issuer)).status).toBe(200);
    const without = await agent.open(authorizationRequest(pkce, { state: undefined }, tenant.issuer, theirs));
    expect(without.callback?.searchParams.get("error")).toBe("invalid_request");
  });
});

describe("POST /api/id/v1/auth/token", () => {
  test("exchanges the code, the client authenticated by Basic", async () => {
    const pkce = newPkce();
    const { callback } = await (await signedIn()).open(authorizationRequest(pkce));
    const reply = await exchange(callback?.searchParams.get("code") ?? null, pkce);
    expect([reply.status, reply.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    expect(await reply.json()).toStrictEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 3600,
    });
  });

  test("refuses a code whose challenge the verifier does not answer", async () => {
    const { callback } = await (await signedIn()).open(authorizationRequest(newPkce()));
    expect(await outcome(exchange(callback?.searchParams.get("code") ?? null, newPkce()))).toEqual(invalidGrant);
  });

  test("gives a client a token of its own by client_credentials", async () => {
    const reply = await postToken({ grant_type: "client_credentials", scope: "reports" });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toStrictEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
  });

  test("answers wrong Basic credentials with 401 and a challenge", async () => {
    const reply = await postToken({ grant_type: "client_credentials" }, { ...client, client_secret: "wrong" });
    expect(reply.headers.get("WWW-Authenticate")).toBe('Basic realm="signet"');
    expect(await outcome(reply)).toEqual(invalidClient);
  });
});
