import {
  createUser,
  type Person,
  type RegisteredClient,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  tokensOf,
  type UserAgent,
  userAgent,
} from "@signet/testkit";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { invalidClient, invalidGrant, invalidRequest, outcome } from "../outcomes.ts";

/** The requests of the page "Direct API integration", as its reader writes them: parameters in its order, addresses as they stand. */
let signet: Signet;
let person: Person;
beforeAll(async () => {
  signet = await startSignet();
  person = await createUser(signet, "miqeys-alice");
});
afterAll(() => signet.stop());

/** An application whose settings page shows a client_id and a client_secret, which it sends in the body. */
function newClient(grantTypes: readonly string[] = ["authorization_code"]): Promise<RegisteredClient> {
  return registerClient(signet, { token_endpoint_auth_method: "client_secret_post", grant_types: grantTypes });
}

function authorizationRequest({ client_id }: RegisteredClient): string {
  return `${signet.url}/oauth/authorize?response_type=code&client_id=${client_id}&redirect_uri=${redirectUri}&scope=openid&state=YOUR_STATE`;
}

async function authorize(client: RegisteredClient, agent: UserAgent = userAgent(signet.url)): Promise<URL> {
  return signIn(agent, await agent.open(authorizationRequest(client)), person);
}

async function codeFor(client: RegisteredClient): Promise<string> {
  return (await authorize(client)).searchParams.get("code") ?? "";
}

function tokenBody({ client_id, client_secret }: RegisteredClient, code: string): string {
  return `grant_type=authorization_code&client_id=${client_id}&client_secret=${client_secret}&redirect_uri=${redirectUri}&code=${code}`;
}

function postToken(body: string): Promise<Response> {
  return fetch(`${signet.url}/oauth/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body,
  });
}

describe("step 1 and 2: the authorization request and its response", () => {
  test("the person is taken to a sign-in page, asked to agree, and redirected with a code and the state", async () => {
    const agent = userAgent(signet.url);
    const page = await agent.open(authorizationRequest(await newClient()));
    expect([page.status, page.heading]).toEqual([200, "Sign in"]);
    const callback = await signIn(agent, page, person);
    expect(callback.origin + callback.pathname).toBe(redirectUri);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: "YOUR_STATE",
      iss: signet.url,
    });
  });

  test("who is signed in and has agreed is redirected at once, by 302", async () => {
    const [client, agent] = [await newClient(), userAgent(signet.url)];
    await authorize(client, agent);
    const reply = await agent.request(authorizationRequest(client));
    expect(reply.status).toBe(302);
    expect(reply.headers.get("Location")).toMatch(/^https:\/\/app\.example\/callback\?code=[\w-]{43}&state=YOUR_STATE&iss=/);
  });

  test.each([
    {
      name: "a response_type other than code",
      from: "response_type=code",
      to: "response_type=token",
      error: "unsupported_response_type",
    },
    { name: "a request without response_type", from: "response_type=code&", to: "", error: "invalid_request" },
    { name: "a request without scope", from: "&scope=openid", to: "", error: "invalid_scope" },
  ])("$name is answered at the redirect URI with an error and the state", async ({ from, to, error }) => {
    const { callback } = await userAgent(signet.url).open(authorizationRequest(await newClient()).replace(from, to));
    expect(Object.fromEntries(callback?.searchParams ?? [])).toEqual({
      error,
      error_description: expect.any(String),
      state: "YOUR_STATE",
      iss: signet.url,
    });
  });

  test.each([
    { name: "an unknown client_id", from: /client_id=\w+/, to: "client_id=YOUR_CLIENT_ID" },
    { name: "a redirect_uri that is not registered", from: redirectUri, to: "https://elsewhere.example/callback" },
  ])("$name is a page, and no redirect", async ({ from, to }) => {
    const page = await userAgent(signet.url).open(authorizationRequest(await newClient()).replace(from, to));
    expect([page.status, page.callback]).toEqual([400, undefined]);
  });
});

describe("step 3: the token request", () => {
  test.each([{ grantTypes: ["authorization_code"] }, { grantTypes: ["authorization_code", "refresh_token"] }])(
    "is answered with exactly the four documented members, to a client with $grantTypes",
    async ({ grantTypes }) => {
      const client = await newClient(grantTypes);
      const reply = await postToken(tokenBody(client, await codeFor(client)));
      expect(reply.status).toBe(200);
      expect(reply.headers.get("Content-Type")).toMatch(/^application\/json\b/);
      expect(reply.headers.get("Cache-Control")).toBe("no-store");
      const body = JSON.parse(await reply.text());
      expect(body).toStrictEqual({
        access_token: expect.any(String),
        id_token: expect.any(String),
        token_type: "Bearer",
        expires_in: 3600,
      });
      expect(Object.keys(body)).toEqual(["access_token", "id_token", "token_type", "expires_in"]);
    },
  );

  test("brings an ID token of this person for this client, and an access token that lives for an hour", async () => {
    const client = await newClient();
    const { id_token, access_token } = await tokensOf(await postToken(tokenBody(client, await codeFor(client))));
    const keys = createRemoteJWKSet(new URL(`${signet.url}/oauth2/v1/certs`));
    const options = { issuer: signet.url, algorithms: ["RS256"] };
    const { payload: identity } = await jwtVerify(id_token, keys, { ...options, audience: client.client_id });
    const { payload: access } = await jwtVerify(access_token, keys, { ...options, audience: signet.url });
    expect(access.sub).toBe(identity.sub);
    expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(3600);
    const userinfo = await fetch(`${signet.url}/oauth/userinfo`, { headers: { Authorization: `Bearer ${access_token}` } });
    expect(await userinfo.json()).toEqual({ sub: identity.sub });
  });

  test("works with percent-encoded values, and once", async () => {
    const client = await newClient();
    const body = tokenBody(client, await codeFor(client)).replace(redirectUri, encodeURIComponent(redirectUri));
    expect((await postToken(body)).status).toBe(200);
    expect(await outcome(postToken(body))).toEqual(invalidGrant);
  });

  test.each([
    {
      name: "a wrong secret",
      change: (body: string) => body.replace(/client_secret=[^&]+/, "client_secret=YOUR_CLIENT_SECRET"),
      is: invalidClient,
    },
    { name: "no secret", change: (body: string) => body.replace(/&client_secret=[^&]+/, ""), is: invalidClient },
    {
      name: "an unknown client",
      change: (body: string) => body.replace(/client_id=\w+/, "client_id=YOUR_CLIENT_ID"),
      is: invalidClient,
    },
    { name: "another redirect_uri", change: (body: string) => body.replace("callback", "elsewhere"), is: invalidGrant },
    { name: "no redirect_uri", change: (body: string) => body.replace(/&redirect_uri=[^&]+/, ""), is: invalidRequest },
    {
      name: "an unknown code",
      change: (body: string) => body.replace(/code=[\w-]{43}$/, "code=AUTHORIZATION_CODE"),
      is: invalidGrant,
    },
    { name: "no code", change: (body: string) => body.replace(/&code=.+$/, ""), is: invalidRequest },
    { name: "no grant_type", change: (body: string) => body.replace("grant_type=authorization_code&", ""), is: invalidRequest },
  ])("with $name is refused as RFC 6749 says", async ({ change, is }) => {
    const client = await newClient();
    const body = tokenBody(client, await codeFor(client));
    expect(change(body)).not.toBe(body);
    expect(await outcome(postToken(change(body)))).toEqual(is);
  });
});
