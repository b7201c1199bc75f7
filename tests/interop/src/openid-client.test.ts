import {
  administer,
  createTenant,
  createUser,
  type Home,
  hiddenFields,
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
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
let elsewhere: Home;
beforeAll(async () => {
  signet = await startSignet();
  elsewhere = await createTenant(signet, "elsewhere-openid");
});
afterAll(() => signet.stop());

interface RelyingParty {
  readonly config: oidc.Configuration;
  readonly client: RegisteredClient;
  readonly person: Person & { readonly id: string };
  readonly agent: UserAgent;
}

interface Setting {
  readonly home?: Home;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly authentication?: (secret: string) => oidc.ClientAuth;
  readonly algorithm?: "oidc" | "oauth2";
}

let people = 0;
/** What an application's developer writes: the issuer, the client's id and its secret. All else comes from discovery. */
async function relyingParty({
  home = signet,
  metadata = {},
  authentication = oidc.ClientSecretBasic,
  algorithm = "oidc",
}: Setting = {}): Promise<RelyingParty> {
  const { client_id, client_secret, ...registered } = await registerClient(home, metadata, home.name);
  const config = await oidc.discovery(
    new URL(home.issuer ?? home.url),
    client_id,
    { ...metadata, client_secret },
    authentication(client_secret),
    // Signatures are verified although the tokens come straight from the token endpoint.
    { algorithm, execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  );
  const person = await createUser(home, `person-${++people}`, {
    email: `person-${people}@app.example`,
    claims: { name: "Alice" },
  });
  return { config, client: { client_id, client_secret, ...registered }, person, agent: userAgent(signet.url) };
}

interface Flow {
  readonly url: URL;
  readonly checks: oidc.AuthorizationCodeGrantChecks;
}

async function newFlow({ config }: RelyingParty, more: Readonly<Record<string, string>> = {}): Promise<Flow> {
  const [pkceCodeVerifier, expectedState, expectedNonce] = [
    oidc.randomPKCECodeVerifier(),
    oidc.randomState(),
    oidc.randomNonce(),
  ];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid profile email offline_access",
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...more,
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

async function callbackOf({ agent, person }: RelyingParty, { url }: Flow): Promise<URL> {
  return signIn(agent, await agent.open(url.href), person);
}

async function signedIn(party: RelyingParty) {
  const flow = await newFlow(party);
  return oidc.authorizationCodeGrant(party.config, await callbackOf(party, flow), flow.checks);
}

describe.each(["oidc", "oauth2"] as const)("discovery in its form %s", (algorithm) => {
  test.each(["default", "elsewhere"])("finds the tenant %s", async (name) => {
    const home: Home = name === "default" ? signet : elsewhere;
    const { config } = await relyingParty({ home, algorithm });
    const metadata = config.serverMetadata();
    expect(metadata.issuer).toBe(home.issuer ?? home.url);
    expect(metadata.supportsPKCE()).toBe(true);
  });
});

describe.each(["default", "elsewhere"])("a code flow at the tenant %s", (name) => {
  const home = (): Home => (name === "default" ? signet : elsewhere);

  test.each(["RS256", "ES256", "PS256", "EdDSA", "Ed25519"])(
    "passes all checks with ID tokens by %s, and so does a refresh",
    async (algorithm) => {
      const party = await relyingParty({ home: home(), metadata: { id_token_signed_response_alg: algorithm } });
      const tokens = await signedIn(party);
      expect(tokens.expires_in).toBe(3600);
      expect(tokens.claims()).toMatchObject({ sub: party.person.id, aud: party.client.client_id, amr: ["pwd"] });
      expect(await oidc.fetchUserInfo(party.config, tokens.access_token, party.person.id)).toMatchObject({
        name: "Alice",
        email: `${party.person.username}@app.example`,
      });
      const refreshed = await oidc.refreshTokenGrant(party.config, tokens.refresh_token ?? "");
      expect(refreshed.claims()?.sub).toBe(party.person.id);
      expect(refreshed.access_token).not.toBe(tokens.access_token);
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      await oidc.fetchUserInfo(party.config, refreshed.access_token, party.person.id);
    },
  );
});

describe("each way to authenticate the client", () => {
  test.each([
    { method: "client_secret_basic", authentication: oidc.ClientSecretBasic },
    { method: "client_secret_post", authentication: oidc.ClientSecretPost },
    { method: "none", authentication: oidc.None },
  ])("$method", async ({ method, authentication }) => {
    const grants = ["authorization_code", "refresh_token"];
    const party = await relyingParty({ metadata: { token_endpoint_auth_method: method, grant_types: grants }, authentication });
    const tokens = await signedIn(party);
    expect((await oidc.refreshTokenGrant(party.config, tokens.refresh_token ?? "")).access_token).toMatch(/./);
  });
});

describe("further flows", () => {
  test("client_credentials: a back end gets a token for itself, with its scopes", async () => {
    const { config } = await relyingParty({ metadata: { scopes: [{ name: "reports", desc: "Reports", fields: ["roles"] }] } });
    const tokens = await oidc.clientCredentialsGrant(config, { scope: "reports" });
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600, access_token: expect.stringMatching(/^.+\..+\..+$/) });
    expect(await oidc.clientCredentialsGrant(config)).toMatchObject({ scope: "reports" });
  });

  test("response_mode=form_post: the library takes the request that the browser posts", async () => {
    const party = await relyingParty();
    await signedIn(party);
    const flow = await newFlow(party, { response_mode: "form_post" });
    const page = await party.agent.open(flow.url.href);
    const posted = new Request(redirectUri, { method: "POST", body: new URLSearchParams(hiddenFields(page.html)) });
    const tokens = await oidc.authorizationCodeGrant(party.config, posted, flow.checks);
    expect(tokens.claims()?.sub).toBe(party.person.id);
  });

  test("an opaque access token opens userinfo, and belongs to its ID token", async () => {
    const party = await relyingParty({ metadata: { access_token_format: "opaque" } });
    const tokens = await signedIn(party);
    expect(tokens.access_token).toMatch(/^[\w-]{43}$/);
    expect(await oidc.fetchUserInfo(party.config, tokens.access_token, party.person.id)).toMatchObject({ name: "Alice" });
  });

  test("max_age: auth_time is there, and recent enough", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party, { max_age: "100" });
    const tokens = await oidc.authorizationCodeGrant(party.config, await callbackOf(party, flow), {
      ...flow.checks,
      maxAge: 100,
    });
    expect(tokens.claims()?.auth_time).toBeGreaterThan(Date.now() / 1000 - 100);
  });
});

describe("what was meddled with, the library tells by what Signet sends", () => {
  test.each([
    { name: "a response without iss", change: (url: URL) => url.searchParams.delete("iss"), message: /"iss"/ },
    {
      name: "another issuer's response",
      change: (url: URL) => url.searchParams.set("iss", "https://evil.example"),
      message: /"iss"/,
    },
    { name: "another state", change: (url: URL) => url.searchParams.set("state", "forged"), message: /"state"/ },
  ])("$name", async ({ change, message }) => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const callback = await callbackOf(party, flow);
    change(callback);
    const refused = await oidc.authorizationCodeGrant(party.config, callback, flow.checks).catch((error: unknown) => error);
    expect(refused).toMatchObject({ cause: { message: expect.stringMatching(message) } });
  });

  test("another nonce", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const checks = { ...flow.checks, expectedNonce: "another" };
    const refused = oidc.authorizationCodeGrant(party.config, await callbackOf(party, flow), checks);
    await expect(refused).rejects.toMatchObject({ code: "OAUTH_JWT_CLAIM_COMPARISON_FAILED" });
  });
});

describe("what Signet refuses, the library tells by its code", () => {
  test("a person who does not agree: access_denied, in a response that is Signet's own", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const consent = await party.agent.submit(await party.agent.open(flow.url.href), {
      username: party.person.username,
      password: party.person.password,
    });
    const { callback = new URL(redirectUri) } = await party.agent.submit(consent, { decision: "deny" });
    const refused = oidc.authorizationCodeGrant(party.config, callback, flow.checks);
    await expect(refused).rejects.toMatchObject({ code: "OAUTH_AUTHORIZATION_RESPONSE_ERROR", error: "access_denied" });
  });

  test("prompt=none without a session: login_required", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party, { prompt: "none" });
    const { callback = new URL(redirectUri) } = await party.agent.open(flow.url.href);
    await expect(oidc.authorizationCodeGrant(party.config, callback, flow.checks)).rejects.toMatchObject({
      error: "login_required",
    });
  });

  test("a code that is used twice, and a refresh token that is none: invalid_grant", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const callback = await callbackOf(party, flow);
    await oidc.authorizationCodeGrant(party.config, callback, flow.checks);
    const refusal = { code: "OAUTH_RESPONSE_BODY_ERROR", error: "invalid_grant", status: 400 };
    await expect(oidc.authorizationCodeGrant(party.config, callback, flow.checks)).rejects.toMatchObject(refusal);
    await expect(oidc.refreshTokenGrant(party.config, "no-refresh-token")).rejects.toMatchObject(refusal);
  });

  test("a wrong secret: invalid_client, with a challenge where it came by Basic", async () => {
    const basic = await relyingParty({ authentication: () => oidc.ClientSecretBasic("wrong") });
    await expect(oidc.clientCredentialsGrant(basic.config)).rejects.toMatchObject({
      code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
      status: 401,
      cause: [{ scheme: "basic", parameters: { realm: "signet" } }],
    });
    const metadata = { token_endpoint_auth_method: "client_secret_post" };
    const post = await relyingParty({ metadata, authentication: () => oidc.ClientSecretPost("wrong") });
    await expect(oidc.clientCredentialsGrant(post.config)).rejects.toMatchObject({ error: "invalid_client", status: 401 });
  });

  test("an access token of a blocked user: invalid_token, in the challenge", async () => {
    const party = await relyingParty();
    const tokens = await signedIn(party);
    await administer(signet, "PATCH", `/default/users/${party.person.id}`, { blocked: true });
    await expect(oidc.fetchUserInfo(party.config, tokens.access_token, party.person.id)).rejects.toMatchObject({
      code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
      cause: [{ scheme: "bearer", parameters: { error: "invalid_token" } }],
    });
    await expect(oidc.refreshTokenGrant(party.config, tokens.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });
});

test("sends its request as a signed request object (RFC 9101), with its own checks of the answer", async () => {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const jwk = { ...(await crypto.subtle.exportKey("jwk", keys.publicKey)), use: "sig", alg: "ES256", kid: "jar" };
  const { key_ops: _any, ext: _extractable, ...published } = jwk;
  const metadata = {
    jwks: { keys: [published] },
    request_object_signing_alg: "ES256",
    require_signed_request_object: true,
  };
  const party = await relyingParty({ metadata });
  const [pkceCodeVerifier, expectedState, expectedNonce] = [
    oidc.randomPKCECodeVerifier(),
    oidc.randomState(),
    oidc.randomNonce(),
  ];
  const claims = JSON.stringify({ id_token: { email: { essential: true } } });
  const parameters = {
    redirect_uri: redirectUri,
    scope: "openid",
    state: expectedState,
    nonce: expectedNonce,
    claims,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  };
  const url = await oidc.buildAuthorizationUrlWithJAR(party.config, parameters, { key: keys.privateKey, kid: "jar" });
  expect([...url.searchParams.keys()].sort()).toEqual(["client_id", "request"]);
  const callback = await signIn(party.agent, await party.agent.open(url.href), party.person);
  const tokens = await oidc.authorizationCodeGrant(party.config, callback, { pkceCodeVerifier, expectedState, expectedNonce });
  expect(tokens.claims()).toMatchObject({ sub: party.person.id, email: expect.stringContaining("@app.example") });
});
