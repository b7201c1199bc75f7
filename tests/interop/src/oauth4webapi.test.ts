import {
  administer,
  createTenant,
  createUser,
  type Home,
  hiddenFields,
  type Person,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  type UserAgent,
  userAgent,
} from "@signet/testkit";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
let elsewhere: Home;
beforeAll(async () => {
  signet = await startSignet();
  elsewhere = await createTenant(signet, "elsewhere-too");
});
afterAll(() => signet.stop());

const insecurely = { [oauth.allowInsecureRequests]: true };
const homeOf = (name: string): Home => (name === "default" ? signet : elsewhere);

interface RelyingParty {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly person: Person & { readonly id: string };
  readonly agent: UserAgent;
}

async function discover(home: Home, algorithm: "oidc" | "oauth2" = "oidc"): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(home.issuer ?? home.url);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecurely }));
}

interface Setting {
  readonly home?: Home;
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
  readonly authenticate?: (secret: string) => oauth.ClientAuth;
}

let people = 0;
async function relyingParty({
  home = signet,
  metadata = {},
  authenticate = oauth.ClientSecretBasic,
}: Setting = {}): Promise<RelyingParty> {
  const { client_id, client_secret } = await registerClient(home, metadata, home.name);
  return {
    server: await discover(home),
    client: { client_id, ...metadata },
    authentication: authenticate(client_secret),
    person: await createUser(home, `somebody-${++people}`, { claims: { name: "Alice" } }),
    agent: userAgent(signet.url),
  };
}

interface Flow {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  /** Without PKCE: `nopkce`. */
  readonly verifier: string | typeof oauth.nopkce;
}

async function newFlow({ server, client }: RelyingParty, more: Readonly<Record<string, string>> = {}): Promise<Flow> {
  const [state, nonce, verifier] = [oauth.generateRandomState(), oauth.generateRandomNonce(), oauth.generateRandomCodeVerifier()];
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: "openid profile offline_access",
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...more,
  });
  return { url: `${server.authorization_endpoint}?${parameters}`, state, nonce, verifier };
}

function withoutPkce({ url, ...flow }: Flow): Flow {
  const changed = new URL(url);
  for (const name of ["code_challenge", "code_challenge_method"]) changed.searchParams.delete(name);
  return { ...flow, url: changed.href, verifier: oauth.nopkce };
}

/** The response checked, the code redeemed, the ID token validated with its signature. */
async function redeem({ server, client, authentication }: RelyingParty, flow: Flow, response: URL | URLSearchParams) {
  const parameters = oauth.validateAuthResponse(server, client, response, flow.state);
  const reply = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    redirectUri,
    flow.verifier,
    insecurely,
  );
  const options = { expectedNonce: flow.nonce, maxAge: 300, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, reply, options);
  await oauth.validateApplicationLevelSignature(server, reply, insecurely);
  return tokens;
}

async function signedIn(party: RelyingParty, flow?: Flow) {
  const begun = flow ?? (await newFlow(party));
  return redeem(party, begun, await signIn(party.agent, await party.agent.open(begun.url), party.person));
}

async function refresh({ server, client, authentication }: RelyingParty, refreshToken = "") {
  const reply = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, insecurely);
  return oauth.processRefreshTokenResponse(server, client, reply);
}

async function userinfo({ server, client, person }: RelyingParty, accessToken: string) {
  const reply = await oauth.userInfoRequest(server, client, accessToken, insecurely);
  return oauth.processUserInfoResponse(server, client, person.id, reply);
}

describe.each(["default", "elsewhere"])("at the tenant %s", (name) => {
  test("discovery says the same in both of its forms", async () => {
    const home = homeOf(name);
    const metadata = await discover(home);
    expect(metadata.issuer).toBe(home.issuer ?? home.url);
    expect(await discover(home, "oauth2")).toEqual(metadata);
  });

  test.each(["RS256", "ES256", "PS256", "EdDSA", "Ed25519"])(
    "a code flow passes all checks with tokens by %s, and so does a refresh",
    async (alg) => {
      const party = await relyingParty({ home: homeOf(name), metadata: { id_token_signed_response_alg: alg } });
      const tokens = await signedIn(party);
      expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: party.person.id, aud: party.client.client_id });
      expect(await userinfo(party, tokens.access_token)).toMatchObject({ sub: party.person.id, name: "Alice" });
      const refreshed = await refresh(party, tokens.refresh_token);
      expect(oauth.getValidatedIdTokenClaims(refreshed)?.sub).toBe(party.person.id);
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      expect(await userinfo(party, refreshed.access_token)).toMatchObject({ sub: party.person.id });
    },
  );

  test.each(["RS256", "ES256", "PS256", "EdDSA", "Ed25519"])(
    "a resource server verifies an access token by %s (RFC 9068)",
    async (alg) => {
      const party = await relyingParty({ home: homeOf(name), metadata: { access_token_signed_response_alg: alg } });
      const { server, client } = party;
      const tokens = await signedIn(party);
      const request = new Request("https://resource.example/", { headers: { Authorization: `Bearer ${tokens.access_token}` } });
      const claims = await oauth.validateJwtAccessToken(server, request, server.issuer, insecurely);
      expect(claims).toMatchObject({ sub: party.person.id, client_id: client.client_id, scope: "openid profile offline_access" });
    },
  );
});

describe("each kind of client", () => {
  const grants = ["authorization_code", "refresh_token"];

  test.each([
    { method: "client_secret_basic", authenticate: oauth.ClientSecretBasic },
    { method: "client_secret_post", authenticate: oauth.ClientSecretPost },
    { method: "none", authenticate: oauth.None },
  ])("$method", async ({ method, authenticate }) => {
    const metadata = { token_endpoint_auth_method: method, grant_types: grants };
    const party = await relyingParty({ metadata, authenticate });
    const tokens = await signedIn(party);
    expect(await userinfo(party, (await refresh(party, tokens.refresh_token)).access_token)).toMatchObject({ name: "Alice" });
  });

  test("a confidential one may do without PKCE, a public one not", async () => {
    const confidential = await relyingParty();
    const tokens = await signedIn(confidential, withoutPkce(await newFlow(confidential)));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(confidential.person.id);

    const metadata = { token_endpoint_auth_method: "none", grant_types: grants };
    const publicOne = await relyingParty({ metadata, authenticate: oauth.None });
    const flow = withoutPkce(await newFlow(publicOne));
    const { callback = new URL(redirectUri) } = await publicOne.agent.open(flow.url);
    expect(() => oauth.validateAuthResponse(publicOne.server, publicOne.client, callback, flow.state)).toThrow(
      expect.objectContaining({ code: oauth.AUTHORIZATION_RESPONSE_ERROR, error: "invalid_request" }),
    );
  });

  test("a back end gets a token for itself, which a resource server verifies", async () => {
    const { server, client, authentication } = await relyingParty();
    const reply = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecurely);
    const { access_token } = await oauth.processClientCredentialsResponse(server, client, reply);
    const request = new Request("https://resource.example/", { headers: { Authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(server, request, server.issuer, insecurely);
    expect(claims).toMatchObject({ sub: client.client_id, client_id: client.client_id });
  });
});

describe("further ways through the flow", () => {
  test("response_mode=form_post", async () => {
    const party = await relyingParty();
    await signedIn(party);
    const flow = await newFlow(party, { response_mode: "form_post" });
    const page = await party.agent.open(flow.url);
    const tokens = await redeem(party, flow, new URLSearchParams(hiddenFields(page.html)));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(party.person.id);
  });

  test("an opaque access token, which userinfo takes in a POST as well", async () => {
    const party = await relyingParty({ metadata: { access_token_format: "opaque" } });
    const { access_token } = await signedIn(party);
    expect(await userinfo(party, access_token)).toMatchObject({ name: "Alice" });
    const url = new URL(party.server.userinfo_endpoint ?? "");
    const reply = await oauth.protectedResourceRequest(access_token, "POST", url, undefined, null, insecurely);
    expect(await reply.json()).toMatchObject({ sub: party.person.id });
  });
});

describe("what goes wrong has its code", () => {
  test("a response without iss, or with another, is refused by the library (RFC 9207)", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const callback = await signIn(party.agent, await party.agent.open(flow.url), party.person);
    for (const iss of ["", "https://evil.example", elsewhere.issuer ?? ""]) {
      const meddledWith = new URL(callback);
      meddledWith.searchParams.set("iss", iss);
      if (iss === "") meddledWith.searchParams.delete("iss");
      await expect(redeem(party, flow, meddledWith)).rejects.toMatchObject({ code: oauth.INVALID_RESPONSE });
    }
    await redeem(party, flow, callback);
  });

  test("login_required and consent_required for prompt=none", async () => {
    const party = await relyingParty();
    const silent = await newFlow(party, { prompt: "none" });
    const refusal = async () => {
      const { callback = new URL(redirectUri) } = await party.agent.open(silent.url);
      return redeem(party, silent, callback).catch((error: unknown) => error);
    };
    expect(await refusal()).toMatchObject({ code: oauth.AUTHORIZATION_RESPONSE_ERROR, error: "login_required" });
    const { username, password } = party.person;
    const start = await party.agent.open((await newFlow(party)).url);
    expect((await party.agent.submit(start, { username, password })).heading).toBe("Allow access");
    expect(await refusal()).toMatchObject({ code: oauth.AUTHORIZATION_RESPONSE_ERROR, error: "consent_required" });
  });

  test("invalid_grant for a code used twice, and for a refresh token after a change of roles", async () => {
    const party = await relyingParty();
    const flow = await newFlow(party);
    const callback = await signIn(party.agent, await party.agent.open(flow.url), party.person);
    const tokens = await redeem(party, flow, callback);
    const refusal = { code: oauth.RESPONSE_BODY_ERROR, error: "invalid_grant", status: 400 };
    await expect(redeem(party, flow, callback)).rejects.toMatchObject(refusal);
    await administer(signet, "PATCH", `/default/users/${party.person.id}`, { roles: ["manager"] });
    await expect(refresh(party, tokens.refresh_token)).rejects.toMatchObject(refusal);
    await expect(userinfo(party, tokens.access_token)).rejects.toMatchObject({
      code: oauth.WWW_AUTHENTICATE_CHALLENGE,
      cause: [{ scheme: "bearer", parameters: { error: "invalid_token" } }],
    });
  });

  test("unauthorized_client for a grant that the client is not registered for", async () => {
    const party = await relyingParty({ metadata: { grant_types: ["authorization_code"] } });
    const reply = oauth.clientCredentialsGrantRequest(party.server, party.client, party.authentication, {}, insecurely);
    await expect(
      reply.then((response) => oauth.processClientCredentialsResponse(party.server, party.client, response)),
    ).rejects.toMatchObject({ error: "unauthorized_client" });
  });
});
