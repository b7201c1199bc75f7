import {
  administer,
  authorizationUrl,
  clockwork,
  createUser,
  newApplication,
  obtainTokens,
  redirectUri,
  refresh,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
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

describe("who may register", () => {
  test("nobody, unless the tenant says so: 403, and discovery names no endpoint", async () => {
    const home = await tenant({});
    const reply = await askToRegister(home, { redirect_uris: [redirectUri] }, home.registrationToken);
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([403, "access_denied"]);
    const discovery = await (await fetch(`${home.issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).not.toHaveProperty("registration_endpoint");
  });

  test("who has an initial access token, as often as it says", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home, { uses: 2, label: "two" });
    const first = await dynamicClient(home, {}, token);
    expect(first).not.toHaveProperty("client_expires_at");
    expect(first.client_secret_expires_at).toBe(0);
    await dynamicClient(home, {}, token);
    const third = await askToRegister(home, { redirect_uris: [redirectUri] }, token);
    expect([third.status, JSON.parse(third.text).error]).toEqual([401, "invalid_token"]);
    expect(third.headers["www-authenticate"]).toMatch(/^Bearer realm="signet", error="invalid_token"/);
  });

  test("of 20 at the same time with a token for one exactly one", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => askToRegister(home, { redirect_uris: [redirectUri] }, token)),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 401)]);
  });

  test("what is wrong with the metadata uses no token up", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home);
    expect((await askToRegister(home, { redirect_uris: [] }, token)).status).toBe(400);
    await dynamicClient(home, {}, token);
  });

  test("who has the workplace's OIDC token", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    await dynamicClient(home, {}, home.registrationToken);
    await dynamicClient(home, {}, home.registrationToken);
  });

  test("T1: nobody without a token, with a wrong one, another tenant's, a deleted or an expired one", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const other = await tenant({ mode: "initial_access_token" });
    const expired = await initialAccessToken(home, { lifetime: 60_000 });
    time.advance(60_000);
    const deleted = await initialAccessToken(home);
    const id = deleted.split(".")[0];
    await administer(signet, "DELETE", `/${home.name}/oidc/initial-access-tokens/${id}`);
    const tokens = [undefined, "x".repeat(43), deleted, expired, await initialAccessToken(other), other.registrationToken];
    for (const token of tokens) {
      const reply = await askToRegister(home, { redirect_uris: [redirectUri] }, token);
      expect([reply.status, JSON.parse(reply.text).error], String(token)).toEqual([401, "invalid_token"]);
      expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/);
    }
  });

  test("a wrong token opens no open tenant either", async () => {
    expect((await askToRegister(open, { redirect_uris: [redirectUri] }, "x".repeat(43))).status).toBe(401);
  });

  test("as many as the quota", async () => {
    const home = await tenant({ mode: "open", quota: 2 });
    const first = await dynamicClient(home);
    await dynamicClient(home);
    const reply = await askToRegister(home, { redirect_uris: [redirectUri] });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([403, "access_denied"]);
    await askConfiguration(first, "DELETE");
    await dynamicClient(home);
  });

  test("an administrator sees initial access tokens without their secrets, in pages", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home, { label: "one", uses: 5 });
    await initialAccessToken(home);
    await dynamicClient(home, {}, token);
    const address = `${signet.url}/v1/workplaces/${home.name}/oidc/initial-access-tokens?limit=1`;
    const headers = { "X-Auth-Token": signet.adminToken };
    const { result, next_cursor } = JSON.parse(await (await fetch(address, { headers })).text());
    const rest = JSON.parse(await (await fetch(`${address}&cursor=${next_cursor}`, { headers })).text());
    const all = [...result, ...rest.result];
    expect(rest.next_cursor).toBe("");
    expect(all.find(({ label }) => label === "one")).toStrictEqual({
      id: token.split(".")[0],
      label: "one",
      uses: 5,
      used: 1,
      created_at: time.clock(),
      expires_at: time.clock() + 7 * 86_400_000,
    });
    expect(JSON.stringify(all)).not.toContain(token.split(".")[1]);
  });
});

describe("clients that registered openly expire", () => {
  test("to the second: refused everywhere, and their place is free", async () => {
    const home = await tenant({ mode: "open", quota: 1, open_client_lifetime: 3_600_000, grant_types: ["client_credentials"] });
    const client = await dynamicClient(home, { grant_types: ["client_credentials"], redirect_uris: [] });
    const grant = { grant_type: "client_credentials" };
    time.advance(3_599_000);
    expect((await tokenRequest(home.issuer, client, grant)).status).toBe(200);
    time.advance(1000);
    expect((await tokenRequest(home.issuer, client, grant)).status).toBe(401);
    expect((await askConfiguration(client, "GET")).status).toBe(401);
    const list = await fetch(`${signet.url}/v1/oidc/${home.name}/registration`, {
      headers: { Authorization: `Bearer ${home.registrationToken}` },
    });
    expect(await list.json()).toEqual([]);
    await dynamicClient(home, { grant_types: ["client_credentials"], redirect_uris: [] });
  });

  test("unless they are replaced before", async () => {
    const home = await tenant({ mode: "open", open_client_lifetime: 3_600_000 });
    const client = await dynamicClient(home);
    time.advance(3_599_000);
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri] });
    expect(JSON.parse(reply.text).client_expires_at).toBe(Math.floor(time.clock() / 1000) + 3600);
    time.advance(3_599_000);
    expect((await askConfiguration(client, "GET")).status).toBe(200);
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

describe("RFC 7592: the client's own registration", () => {
  test("is read as it was told, with the same secret and the same token", async () => {
    const { client_secret, ...client } = await dynamicClient(open, { client_name: "Read", contacts: ["a@app.example"] });
    const reply = await askConfiguration({ client_secret, ...client }, "GET");
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
    expect(JSON.parse(reply.text)).toStrictEqual({ ...client, client_secret });
  });

  test("is replaced as a whole: what is left out has its default", async () => {
    const client = await dynamicClient(open, { client_name: "Before", logo_uri: "https://app.example/logo.png" });
    const replacement = { client_id: client.client_id, client_secret: client.client_secret };
    const uris = ["https://app.example/other"];
    const reply = await askConfiguration(client, "PUT", { ...replacement, redirect_uris: uris, client_name: null });
    expect(reply.status, reply.text).toBe(200);
    const replaced = JSON.parse(reply.text);
    expect(replaced).toMatchObject({ ...replacement, redirect_uris: uris });
    expect(replaced).not.toHaveProperty("client_name");
    expect(replaced).not.toHaveProperty("logo_uri");
    expect(JSON.parse((await askConfiguration(client, "GET")).text)).toStrictEqual(replaced);
  });

  test("G2: a change of the method is validated with all the rest, and takes or gives a secret", async () => {
    const client = await dynamicClient(open);
    const { client_id } = client;
    const redirect_uris = [redirectUri];
    const refused = await askConfiguration(client, "PUT", {
      client_id,
      redirect_uris,
      token_endpoint_auth_method: "private_key_jwt",
    });
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([400, "invalid_client_metadata"]);
    const opened = await askConfiguration(client, "PUT", { client_id, redirect_uris, token_endpoint_auth_method: "none" });
    expect(JSON.parse(opened.text)).not.toHaveProperty("client_secret");
    const closed = JSON.parse((await askConfiguration(client, "PUT", { client_id, redirect_uris })).text);
    expect(closed.client_secret).toMatch(/^[\w-]{43}$/);
    expect(closed.client_secret).not.toBe(client.client_secret);
  });

  test("G1: a replacement loosens nothing that an administrator has set", async () => {
    const client = await dynamicClient(open);
    const address = `${signet.url}/v1/oidc/${open.name}/registration?client_id=${client.client_id}`;
    const set = { require_signed_request_object: true, scope: "openid", resource_server: true };
    await fetch(address, {
      method: "POST",
      headers: { Authorization: `Bearer ${open.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(set),
    });
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", {
      client_id,
      redirect_uris: [redirectUri],
      scope: "openid email",
      client_name: "Mine",
      require_signed_request_object: false,
    });
    expect(JSON.parse(reply.text)).toMatchObject({ ...set, client_name: "Mine" });
  });

  test.each([
    ["another client_id", { client_id: "0".repeat(24) }],
    ["no client_id", { client_id: null }],
    ["another secret", { client_secret: "mine" }],
    ["the registration access token", { registration_access_token: "x" }],
    ["its address", { registration_client_uri: "https://app.example" }],
    ["the secret's end", { client_secret_expires_at: 0 }],
    ["the moment of its registration", { client_id_issued_at: 1 }],
  ])("a replacement with %s is refused", async (_what, members) => {
    const client = await dynamicClient(open);
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri], ...members });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
  });

  test("is deleted with 204, and the client is refused from then on", async () => {
    const client = await dynamicClient(open);
    const reply = await askConfiguration(client, "DELETE");
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect((await askConfiguration(client, "GET")).status).toBe(401);
    const parameters = { grant_type: "authorization_code", code: "x", redirect_uri: redirectUri };
    expect((await tokenRequest(open.issuer, client, parameters)).status).toBe(401);
  });

  test("what was issued to a deleted client is refused within a second", async () => {
    const home = await tenant({ mode: "open" });
    const person = await createUser(home, "dynamic-ann");
    const client = await dynamicClient(home, { grant_types: ["authorization_code", "refresh_token"] });
    const application = { ...(await newApplication(home, { person })), client };
    const tokens = await obtainTokens(application);
    expect((await askConfiguration(client, "DELETE")).status).toBe(204);
    const within = { timeout: 1000 };
    await expect.poll(async () => (await refresh(application, tokens.refresh_token)).status, within).toBe(401);
    await expect.poll(async () => (await userinfo(home.issuer, tokens.access_token)).status, within).toBe(401);
  });

  test("G3, T1: a token of another client, another tenant, a client that an administrator registered, a deleted one, or none is one answer: 401", async () => {
    const client = await dynamicClient(open);
    const other = await dynamicClient(open);
    const elsewhere = await tenant({ mode: "open" });
    const foreign = await dynamicClient(elsewhere);
    const byAdministrator = await registerClient(open, {}, open.name);
    const deleted = await dynamicClient(open);
    await askConfiguration(deleted, "DELETE");
    const at = (id: string) => `${open.issuer}/oauth2/v1/register/${id}`;
    const attempts = [
      { ...client, registration_access_token: other.registration_access_token },
      { ...client, registration_access_token: foreign.registration_access_token },
      { ...client, registration_access_token: open.registrationToken },
      { ...foreign, registration_client_uri: at(foreign.client_id) },
      { ...client, registration_client_uri: at(byAdministrator.client_id) },
      { ...client, registration_client_uri: at("0".repeat(24)) },
      { ...client, registration_client_uri: at("x") },
      deleted,
    ];
    for (const method of ["GET", "PUT", "DELETE"]) {
      const replies = [];
      for (const attempt of attempts) {
        const client_id = attempt.registration_client_uri.split("/").at(-1);
        const body = method === "PUT" ? { client_id, redirect_uris: [redirectUri] } : undefined;
        replies.push(await askConfiguration(attempt, method, body));
      }
      const [first, ...rest] = replies.map(({ status, text, headers }) => [status, text, headers["www-authenticate"]]);
      expect(first).toEqual([401, expect.stringContaining('"invalid_token"'), expect.stringMatching(/^Bearer/)]);
      for (const reply of rest) expect(reply).toEqual(first);
    }
    expect((await askConfiguration(client, "GET")).status).toBe(200);
  });

  test("without a token the answer is 401 with a bare challenge", async () => {
    const client = await dynamicClient(open);
    const reply = await fetch(client.registration_client_uri);
    expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="signet"']);
  });

  test("once a tenant turns registration off, clients are read and deleted, but change no more: 403", async () => {
    const home = await tenant({ mode: "open" });
    const client = await dynamicClient(home);
    await setRegistration(home, { mode: "off" });
    const { client_id } = client;
    expect((await askConfiguration(client, "GET")).status).toBe(200);
    expect((await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri] })).status).toBe(403);
    expect((await askConfiguration(client, "DELETE")).status).toBe(204);
  });
});
