import {
  authorizationUrl,
  clockwork,
  createUser,
  newApplication,
  obtainTokens,
  redirectUri,
  type Signet,
  startSignet,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  askConfiguration,
  askToRegister,
  dynamicClient,
  initialAccessToken,
  registeringTenant,
  setRegistration,
} from "./dynamic-registration-request.ts";

const time = clockwork();
let signet: Signet;
let open: Awaited<ReturnType<typeof registeringTenant>>;
let count = 0;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  open = await registeringTenant(signet, "registering", { mode: "open" });
});
afterAll(() => signet.stop());

const tenant = (settings: Readonly<Record<string, unknown>>) => registeringTenant(signet, `registering-${++count}`, settings);

describe("RFC 7591: registration", () => {
  test("B10: answers 201 with all that is registered, defaults included, and is not kept by caches", async () => {
    const reply = await askToRegister(open, { redirect_uris: [redirectUri] });
    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({
      "cache-control": "no-store",
      pragma: "no-cache",
      "referrer-policy": "no-referrer",
      "content-type": "application/json;charset=UTF-8",
    });
    const client = JSON.parse(reply.text);
    const issuedAt = Math.floor(time.clock() / 1000);
    expect(client).toStrictEqual({
      client_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      client_id_issued_at: issuedAt,
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: issuedAt + 90 * 86_400,
      client_expires_at: issuedAt + 90 * 86_400,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `${open.issuer}/oauth2/v1/register/${client.client_id}`,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      application_type: "web",
      scope: "openid profile email address phone offline_access",
      id_token_signed_response_alg: "RS256",
      access_token_format: "jwt",
      subject_type: "public",
      require_auth_time: false,
    });
  });

  test("makes a client that signs people in and refreshes", async () => {
    const metadata = { grant_types: ["authorization_code", "refresh_token"] };
    const home = { ...signet, name: "default", issuer: signet.url };
    await setRegistration(home, { mode: "open" });
    const client = await dynamicClient(home, metadata);
    const application = { ...(await newApplication(home)), client };
    const tokens = await obtainTokens(application);
    expect(tokens.refresh_token).not.toBe("");
    expect((await userinfo(signet.url, tokens.access_token)).status).toBe(200);
    await setRegistration(home, { mode: "off" });
  });

  test("ignores members that are not known and counts null as left out", async () => {
    const { client_name, a_new_member, logo_uri } = await dynamicClient(open, {
      client_name: "Known",
      a_new_member: { x: 1 },
      logo_uri: null,
      client_id: "mine",
      client_secret: "mine",
    });
    expect([client_name, a_new_member, logo_uri]).toEqual(["Known", undefined, undefined]);
  });

  test("makes a public client without a secret", async () => {
    const client = await dynamicClient(open, { token_endpoint_auth_method: "none" });
    expect(client).not.toHaveProperty("client_secret_expires_at");
    expect(client.client_secret).toBe("");
  });

  test.each([
    ["no redirect URI", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["R6: a script as redirect URI", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["R6: data as redirect URI", { redirect_uris: ["data:text/html,x"] }, "invalid_redirect_uri"],
    ["R7: a fragment", { redirect_uris: ["https://app.example/cb#x"] }, "invalid_redirect_uri"],
    ["R7: user information", { redirect_uris: ["https://a@app.example/cb"] }, "invalid_redirect_uri"],
    ["R7: a wildcard", { redirect_uris: ["https://*.app.example/cb"] }, "invalid_redirect_uri"],
    ["R7: a backslash", { redirect_uris: ["https://app.example\\@evil.example"] }, "invalid_redirect_uri"],
    ["R7: a line break", { redirect_uris: ["https://app.example/cb\r\nx: y"] }, "invalid_redirect_uri"],
    ["R3: a name that begins like this machine's", { redirect_uris: ["http://localhost.evil.test/"] }, "invalid_redirect_uri"],
    ["B6: a script as logo", { logo_uri: "javascript:alert(1)" }, "invalid_client_metadata"],
    ["an unknown method", { token_endpoint_auth_method: "password" }, "invalid_client_metadata"],
    ["contradicting members", { response_types: ["code"], grant_types: ["refresh_token"] }, "invalid_client_metadata"],
    ["a list that is a text", { redirect_uris: redirectUri }, "invalid_client_metadata"],
    ["both jwks and jwks_uri", { jwks: { keys: [] }, jwks_uri: "https://app.example/jwks" }, "invalid_client_metadata"],
    ["G4: a symmetric key", { jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } }, "invalid_client_metadata"],
    [
      "G4: a private key",
      { jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", d: "nWGx" }] } },
      "invalid_client_metadata",
    ],
    ["a sign-in address that is not https", { initiate_login_uri: "http://app.example/start" }, "invalid_client_metadata"],
    ["a sign-out frame elsewhere", { frontchannel_logout_uri: "https://other.example/out" }, "invalid_client_metadata"],
    ["a negative age", { default_max_age: -1 }, "invalid_client_metadata"],
    ["S1: a sector identifier on this machine", { sector_identifier_uri: "https://127.0.0.1/s" }, "invalid_client_metadata"],
  ])("refuses %s", async (_what, metadata, error) => {
    const reply = await askToRegister(open, { redirect_uris: [redirectUri], ...metadata });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, error]);
    expect(reply.headers).toMatchObject({ "cache-control": "no-store" });
  });

  test.each([
    ["no JSON", "{", 400, {}],
    ["another media type", "redirect_uris=x", 415, { "Content-Type": "application/x-www-form-urlencoded" }],
    ["too long a body", `{"client_name":"${"x".repeat(66_000)}"}`, 413, {}],
  ])("refuses %s", async (_what, body, status, headers) => {
    expect((await askToRegister(open, body, undefined, { headers })).status).toBe(status);
  });

  test("answers only POST", async () => {
    expect((await fetch(`${open.issuer}/oauth2/v1/register`)).status).toBe(405);
  });
});

describe("what an administrator leaves to clients", () => {
  test("G1: privileged members are ignored, and grants and methods that are not left to them are refused", async () => {
    const client = await dynamicClient(open, {
      resource_server: true,
      refresh_tokens: "always",
      scopes: [{ name: "orders", desc: "Orders", fields: ["roles"] }],
      scope: "openid orders admin",
    });
    expect(client).not.toHaveProperty("resource_server");
    expect(client).not.toHaveProperty("refresh_tokens");
    expect(client).not.toHaveProperty("scopes");
    expect(client.scope).toBe("openid");
    const home = await tenant({ mode: "open", token_endpoint_auth_methods: ["none"] });
    for (const [at, metadata] of [
      [open, { grant_types: ["client_credentials"], redirect_uris: [] }],
      [open, { scope: "admin" }],
      [home, { token_endpoint_auth_method: "client_secret_post" }],
      [home, {}],
    ] as const) {
      const reply = await askToRegister(at, { redirect_uris: [redirectUri], ...metadata });
      expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
    }
  });

  test("who is to allow something to a client that nobody let in is told so", async () => {
    const home = await tenant({ mode: "open" });
    const person = await createUser(home, "reviewing-ann");
    const initial = await initialAccessToken(home);
    for (const [client, isTold] of [
      [await dynamicClient(home, { client_name: "Your bank" }), true],
      [await dynamicClient(home, { client_name: "Your bank" }, initial), false],
    ] as const) {
      const agent = userAgent(signet.url);
      const page = await agent.submit(await agent.open(authorizationUrl(home.issuer, client)), {
        username: person.username,
        password: person.password,
      });
      expect([page.heading, page.html.includes('id="unreviewed"')]).toEqual(["Allow access", isTold]);
    }
  });

  test("custom scopes and refresh tokens may be left to them", async () => {
    const home = await tenant({ mode: "open", privileged_members: ["scopes", "refresh_tokens"] });
    const scopes = [{ name: "orders", desc: "Orders", fields: ["roles"] }];
    const client = await dynamicClient(home, { refresh_tokens: "always", scopes, scope: "openid orders" });
    expect(client).toMatchObject({ refresh_tokens: "always", scopes, scope: "openid orders" });
  });

  test("both doors lead to the same clients", async () => {
    const client = await dynamicClient(open, { client_name: "Seen" });
    const address = `${signet.url}/v1/oidc/${open.name}/registration?client_id=${client.client_id}`;
    const headers = { Authorization: `Bearer ${open.registrationToken}`, "Content-Type": "application/json" };
    expect(await (await fetch(address, { headers })).json()).toMatchObject({
      client_name: "Seen",
      client_secret: client.client_secret,
      self_registered: true,
      client_expires_at: client.client_expires_at,
    });
    expect((await fetch(address, { method: "DELETE", headers })).status).toBe(200);
    expect((await askConfiguration(client, "GET")).status).toBe(401);
  });
});
