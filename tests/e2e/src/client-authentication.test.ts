import {
  type Application,
  clockwork,
  newApplication,
  obtainTokens,
  rawRequest,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNoInsights, granted, invalidClient, invalidRequest, outcome } from "./outcomes.ts";

const time = clockwork();
let signet: Signet;
/** Clients by the one method that each is registered with. */
let basic: Application;
let posting: Application;
let publicOne: Application;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  basic = await newApplication(signet);
  posting = await newApplication(signet, { metadata: { token_endpoint_auth_method: "client_secret_post" } });
  publicOne = await newApplication(signet, {
    metadata: { grant_types: ["authorization_code", "refresh_token"], token_endpoint_auth_method: "none" },
  });
});
afterAll(() => signet.stop());

/** A token request whose client authentication is this and nothing else. */
function request(form: Readonly<Record<string, string>>, authorization?: string): Promise<Response> {
  return fetch(`${signet.url}/oauth2/v1/token`, {
    method: "POST",
    headers: authorization === undefined ? {} : { Authorization: authorization },
    body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
  });
}

const basicOf = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
const header = ({ client }: Application, secret = client.client_secret) => basicOf(client.client_id, secret);

describe("one client authenticates in one way", () => {
  test("the method that it is registered with is accepted", async () => {
    expect(await outcome(request({}, header(basic)))).toEqual(granted);
    expect(await outcome(request({ client_id: basic.client.client_id }, header(basic)))).toEqual(granted);
    expect(await outcome(request({ ...posting.client }))).toEqual(granted);
  });

  test("A1: Basic and body together are refused, whether they agree or not", async () => {
    for (const { client } of [basic, posting]) {
      expect(await outcome(request({ ...client }, basicOf(client.client_id, client.client_secret)))).toEqual(invalidRequest);
      const { client_secret } = client;
      expect(await outcome(request({ client_secret }, basicOf(client.client_id, "other")))).toEqual(invalidRequest);
      expect(await outcome(request({ client_secret: "other" }, basicOf(client.client_id, client_secret)))).toEqual(
        invalidRequest,
      );
    }
  });

  test("A1: so is a client_id beside the Basic credentials of another client", async () => {
    expect(await outcome(request({ client_id: posting.client.client_id }, header(basic)))).toEqual(invalidRequest);
  });

  test("A1: so are two Authorization headers", async () => {
    const headers = [header(basic), header(posting)].map((value) => ["Authorization", value] as const);
    const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
    const body = "grant_type=client_credentials";
    const reply = await rawRequest(signet.url, {
      method: "POST",
      target: "/oauth2/v1/token",
      headers: [form, ...headers],
      body,
    });
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([400, "invalid_request"]);
  });

  test("a secret in the query is none: it would be in logs (RFC 6749 section 2.3.1)", async () => {
    const query = new URLSearchParams({ ...posting.client });
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    expect(await outcome(fetch(`${signet.url}/oauth2/v1/token?${query}`, { method: "POST", body }))).toEqual(invalidClient);
    const named = new URLSearchParams({ grant_type: "client_credentials", client_id: posting.client.client_id });
    expect(await outcome(fetch(`${signet.url}/oauth2/v1/token?${query}`, { method: "POST", body: named }))).toEqual(
      invalidClient,
    );
  });

  test("another method than the registered one is refused", async () => {
    expect(await outcome(request({ ...basic.client }))).toEqual(invalidClient);
    expect(await outcome(request({}, header(posting)))).toEqual(invalidClient);
    expect(await outcome(request({ client_id: publicOne.client.client_id, client_secret: "x" }))).toEqual(invalidClient);
    expect(await outcome(request({}, basicOf(publicOne.client.client_id, "")))).toEqual(invalidClient);
  });

  test("A10: a secret that is missing, empty, an array, the display mask or nearly right is refused", async () => {
    const { client_id, client_secret: right } = posting.client;
    const secrets = ["********", "•".repeat(8), "undefined", "null", "0", "[object Object]", `${right} `, ` ${right}`];
    const others = [right.slice(0, -1), `${right}A`, right.toUpperCase(), signet.registrationToken];
    for (const secret of ["", ...secrets, ...others]) {
      expect([secret, await outcome(request({ client_id, client_secret: secret }))]).toEqual([secret, invalidClient]);
      expect([secret, await outcome(request({}, header(basic, encodeURIComponent(secret))))]).toEqual([secret, invalidClient]);
    }
    for (const name of ["client_secret[]", "client_secret[0]", "client_secret[$ne]", "Client_Secret"]) {
      expect([name, await outcome(request({ client_id, [name]: right }))]).toEqual([name, invalidClient]);
    }
  });

  test("A10: a secret that has expired, or was replaced, is refused", async () => {
    const end = Math.floor(time.clock() / 1000) + 60;
    const client = await registerClient(signet, { client_secret_expires_at: end });
    const own = () => tokenRequest(signet.url, client, { grant_type: "client_credentials" });
    expect(await outcome(own())).toEqual(granted);
    time.advance(60_000);
    expect(await outcome(own())).toEqual(invalidClient);

    const replaced = await registerClient(signet);
    const update = await fetch(`${signet.url}/v1/oidc/default/registration?client_id=${replaced.client_id}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${signet.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ generate_token: true }),
    });
    const { client_secret } = JSON.parse(await update.text());
    expect(await outcome(tokenRequest(signet.url, replaced, { grant_type: "client_credentials" }))).toEqual(invalidClient);
    const renewed = { ...replaced, client_secret };
    expect(await outcome(tokenRequest(signet.url, renewed, { grant_type: "client_credentials" }))).toEqual(granted);
  });

  test("an unknown client, a wrong secret and a wrong method look the same", async () => {
    const replies = await Promise.all([
      request({}, header(basic, "wrong")),
      request({}, basicOf("0123456789abcdef01234567", "wrong")),
      request({}, basicOf("no-client", "wrong")),
      request({}, header(posting)),
    ]);
    const seen = await Promise.all(replies.map(async (reply) => [reply.status, await reply.text()]));
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test("the challenge answers a client that used the Authorization header, and no other", async () => {
    expect((await request({}, header(basic, "wrong"))).headers.get("WWW-Authenticate")).toBe('Basic realm="signet"');
    expect((await request({ client_id: "x", client_secret: "y" })).headers.get("WWW-Authenticate")).toBeNull();
  });
});

describe("an Authorization header that cannot be read", () => {
  const encoded = (text: string) => Buffer.from(text, "latin1").toString("base64");
  const malformed: readonly string[] = [
    "",
    " ",
    "Basic",
    "Basic ",
    "Basic =",
    "Basic ====",
    "Basic !!!!",
    "Basic a b",
    "Basic YQ",
    `Basic ${encoded("no colon")}`,
    `Basic ${encoded(":")}`,
    `Basic ${encoded(":secret")}`,
    `Basic ${encoded("id:%")}`,
    `Basic ${encoded("id:%zz")}`,
    `Basic ${encoded("%ff:x")}`,
    `Basic ${encoded("\xff\xfe:\xff")}`,
    `Basic ${encoded("id:\0")}`,
    `Basic ${encoded("__proto__:x")}`,
    `Basic ${encoded("id:a\r\nX: y")}`,
    "Basic null",
    "Basic undefined",
    "Bearer",
    "Bearer ",
    "Bearer a b",
    "Bearer ,",
    "Bearer =",
    "Bearer ..",
    "Bearer a.b.c",
    "Bearer null",
    "Bearer \xff",
    `Bearer ${"e30".repeat(1000)}.e30.e30`,
    "Digest username=x",
    "Negotiate",
    "bearer",
    "x",
    "\xff",
    "Basic,Bearer",
  ];

  test.each(malformed)("A11: %j is 401 at the token endpoint, at userinfo and at both APIs, never 500", async (value) => {
    const authorization = ["Authorization", value] as const;
    const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
    const replies = await Promise.all([
      rawRequest(signet.url, { method: "POST", target: "/oauth2/v1/token", headers: [authorization, form], body: "a=b" }),
      rawRequest(signet.url, { target: "/oauth2/v1/userinfo", headers: [authorization] }),
      rawRequest(signet.url, { method: "POST", target: "/oauth2/v1/userinfo", headers: [authorization] }),
      rawRequest(signet.url, { target: "/v1/oidc/default/registration", headers: [authorization] }),
      rawRequest(signet.url, { target: "/v1/workplaces", headers: [authorization] }),
    ]);
    for (const reply of replies) {
      expectNoInsights(reply.body);
      expect(reply.status).toBe(401);
    }
  });

  test.each(["", " ", "Basic eA==", "x".repeat(600), "\xff"])(
    "A11: X-Auth-Token %j is 401 at the administration API",
    async (value) => {
      const reply = await rawRequest(signet.url, { target: "/v1/workplaces", headers: [["X-Auth-Token", value]] });
      expect(reply.status).toBe(401);
    },
  );

  test("A11: without any, userinfo challenges and says no more (RFC 6750 section 3.1)", async () => {
    const reply = await fetch(`${signet.url}/oauth2/v1/userinfo`);
    expect([reply.status, reply.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="signet"']);
  });

  test("A11: an invalid token is named in the challenge", async () => {
    const reply = await fetch(`${signet.url}/oauth2/v1/userinfo`, { headers: { Authorization: "Bearer a.b.c" } });
    expect(reply.headers.get("WWW-Authenticate")).toMatch(
      /^Bearer realm="signet", error="invalid_token", error_description="[^"]+"$/,
    );
  });

  test("the scheme is not case-sensitive", async () => {
    expect(await outcome(request({}, header(basic).replace("Basic", "bASIC")))).toEqual(granted);
    const { access_token } = await obtainTokens(basic);
    const reply = fetch(`${signet.url}/oauth2/v1/userinfo`, { headers: { Authorization: `bEARER ${access_token}` } });
    expect(await outcome(reply)).toEqual(granted);
  });
});

describe("a client uses the grants that it is registered for", () => {
  const unauthorized = { status: 400, error: "unauthorized_client" };

  test.each([
    [["client_credentials"], "authorization_code", { code: "x", redirect_uri: "https://app.example/callback" }],
    [["client_credentials"], "refresh_token", { refresh_token: "A".repeat(64) }],
    [["authorization_code"], "refresh_token", { refresh_token: "A".repeat(64) }],
    [["authorization_code"], "client_credentials", {}],
  ])("A12: registered for %j it may not use %s", async (grants, grant_type, more) => {
    const client = await registerClient(signet, { grant_types: grants });
    expect(await outcome(tokenRequest(signet.url, client, { grant_type, ...more }))).toEqual(unauthorized);
  });

  test("A12: a public client has no tokens of its own", async () => {
    const reply = request({ client_id: publicOne.client.client_id });
    expect(await outcome(reply)).toEqual(unauthorized);
    await expect(
      registerClient(signet, { token_endpoint_auth_method: "none", grant_types: ["client_credentials"] }),
    ).rejects.toThrow("400");
  });

  test.each([
    "password",
    "implicit",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "Client_Credentials",
    "__proto__",
    "toString",
  ])("A12: %s is no grant type", async (grant_type) => {
    const reply = tokenRequest(signet.url, basic.client, { grant_type, username: "admin", password: signet.adminPassword });
    expect(await outcome(reply)).toEqual({ status: 400, error: "unsupported_grant_type" });
  });

  test("A12: without a grant_type the request is invalid", async () => {
    expect(await outcome(tokenRequest(signet.url, basic.client, {}))).toEqual(invalidRequest);
  });

  test("A12: nobody gets a code for a client without the code grant", async () => {
    const own = await newApplication(signet, {
      metadata: { grant_types: ["client_credentials"], redirect_uris: ["https://app.example/callback"] },
    });
    await expect(obtainTokens(own)).rejects.toThrow("error=unauthorized_client");
  });
});
