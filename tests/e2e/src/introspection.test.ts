import {
  type Application,
  administer,
  createTenant,
  createUser,
  newApplication,
  obtainTokens,
  type RegisteredClient,
  rawRequest,
  refresh,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, invalidClient, invalidGrant, invalidRequest, invalidToken, outcome } from "./outcomes.ts";

const introspectionPath = "/oauth2/v1/introspect";
const revocationPath = "/oauth2/v1/revoke";
const inactive = { active: false };

let signet: Signet;
let application: Application;
let resourceServer: RegisteredClient;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet);
  resourceServer = await registerClient(signet, { resource_server: true, grant_types: ["client_credentials"] });
});
afterAll(() => signet.stop());

const introspect = (client: RegisteredClient, token: string, issuer = signet.url) =>
  tokenRequest(issuer, client, { token }, introspectionPath);
const revoke = (client: RegisteredClient, token: string, issuer = signet.url) =>
  tokenRequest(issuer, client, { token }, revocationPath);
const told = async (client: RegisteredClient, token: string, issuer = signet.url) =>
  JSON.parse(await (await introspect(client, token, issuer)).text());

describe("introspection", () => {
  test("tells a resource server, and the client itself, what an access token is worth", async () => {
    for (const format of ["jwt", "opaque"]) {
      const issuing = await newApplication(signet, { metadata: { access_token_format: format } });
      const { access_token } = await obtainTokens(issuing, { scope: "openid email" });
      const { sub } = JSON.parse(await (await userinfo(signet.url, access_token)).text());
      const reply = await introspect(resourceServer, access_token);
      const headers = ["Content-Type", "Cache-Control", "Pragma", "Referrer-Policy", "Access-Control-Allow-Origin"];
      expect(headers.map((name) => reply.headers.get(name))).toEqual([
        "application/json;charset=UTF-8",
        "no-store",
        "no-cache",
        "no-referrer",
        null,
      ]);
      const body = JSON.parse(await reply.text());
      expect(body).toMatchObject({
        ...{ active: true, iss: signet.url, aud: signet.url, sub, scope: "openid email", token_type: "Bearer" },
        client_id: issuing.client.client_id,
      });
      expect(body.exp - body.iat).toBe(3600);
      expect(await told(issuing.client, access_token)).toEqual(body);
    }
  });

  test("of a refresh token, an ID token, another client's token and no token at all it tells who may not know nothing", async () => {
    const tokens = await obtainTokens(application);
    const stranger = await registerClient(signet);
    for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token, "x"]) {
      expect(await told(stranger, token)).toEqual(inactive);
    }
    for (const token of [tokens.refresh_token, tokens.id_token]) expect(await told(resourceServer, token)).toEqual(inactive);
    expect(await told(application.client, tokens.refresh_token)).toMatchObject({ active: true });
    expect(await told(application.client, tokens.id_token)).toEqual(inactive);
  });

  test("T2: at another tenant every token is inactive", async () => {
    const tokens = await obtainTokens(application);
    const elsewhere = await createTenant(signet, "elsewhere-introspected");
    const foreign = await registerClient(elsewhere, { resource_server: true }, elsewhere.name);
    expect(await told(foreign, tokens.access_token, elsewhere.issuer)).toEqual(inactive);
    expect(await outcome(introspect(foreign, tokens.access_token))).toEqual(invalidClient);
  });

  test("K5: of a blocked user, and F6: of a deleted client, nothing is active", async () => {
    const home = await createTenant(signet, "blocking");
    const user = await createUser(home, "alice");
    const asking = await registerClient(home, { resource_server: true }, home.name);
    const issuing = await newApplication(home, { person: user });
    const one = await obtainTokens(issuing);
    expect(await told(asking, one.access_token, home.issuer)).toMatchObject({ active: true });
    await administer(signet, "PATCH", `/${home.name}/users/${user.id}`, { blocked: true });
    expect(await told(asking, one.access_token, home.issuer)).toEqual(inactive);
    await administer(signet, "PATCH", `/${home.name}/users/${user.id}`, { blocked: false });
    const two = await obtainTokens(issuing);
    await fetch(`${signet.url}/v1/oidc/${home.name}/registration?client_id=${issuing.client.client_id}`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${home.registrationToken}` },
    });
    await expect.poll(() => told(asking, two.access_token, home.issuer)).toEqual(inactive);
  });

  test("of what was granted in a session that the person signed out of, nothing is active; what outlives it is", async () => {
    const [online, offline] = [await newApplication(signet), await newApplication(signet)];
    const bound = await obtainTokens(online, { scope: "openid" });
    const lasting = await obtainTokens({ ...offline, agent: online.agent });
    expect(await told(resourceServer, bound.access_token)).toMatchObject({ active: true });
    await online.agent.open(`${signet.url}/oauth2/v1/logout?id_token_hint=${bound.id_token}`);
    expect(await told(resourceServer, bound.access_token)).toEqual(inactive);
    expect(await told(offline.client, lasting.refresh_token)).toMatchObject({ active: true });
  });

  test("K9: whoever does not authenticate, and a public client, is 401", async () => {
    const spa = await newApplication(signet, {
      metadata: { token_endpoint_auth_method: "none", grant_types: ["authorization_code"] },
    });
    const { access_token } = await obtainTokens(spa, { scope: "openid" });
    const url = `${signet.url}${introspectionPath}`;
    const bare = await fetch(url, { method: "POST", body: new URLSearchParams({ token: access_token }) });
    expect(await outcome(bare)).toEqual(invalidClient);
    expect(await outcome(introspect(spa.client, access_token))).toEqual(invalidClient);
    const refused = await introspect({ ...resourceServer, client_secret: "wrong" }, access_token);
    expect(refused.headers.get("WWW-Authenticate")).toBe('Basic realm="signet"');
    expect(await outcome(refused)).toEqual(invalidClient);
    const withTokenOnly = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${access_token}` },
      body: new URLSearchParams({ token: access_token }),
    });
    expect(await outcome(withTokenOnly)).toEqual(invalidClient);
  });

  test("where the client accepts it, the reply is a JWT that is signed for it (RFC 9701)", async () => {
    const { access_token } = await obtainTokens(application);
    const client = await registerClient(signet, { resource_server: true, introspection_signed_response_alg: "ES256" });
    const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
    const type = "application/token-introspection+jwt";
    const reply = await fetch(`${signet.url}${introspectionPath}`, {
      method: "POST",
      headers: { Authorization: `Basic ${credentials}`, Accept: type },
      body: new URLSearchParams({ token: access_token }),
    });
    expect([reply.status, reply.headers.get("Content-Type"), reply.headers.get("Vary")]).toEqual([200, type, "Accept"]);
    const keys = createRemoteJWKSet(new URL(`${signet.url}/oauth2/v1/certs`));
    const { payload, protectedHeader } = await jwtVerify(await reply.text(), keys, {
      ...{ issuer: signet.url, audience: client.client_id, typ: "token-introspection+jwt" },
    });
    expect(protectedHeader.alg).toBe("ES256");
    expect(payload.token_introspection).toEqual(await told(client, access_token));
    expect(payload).not.toHaveProperty("sub");
    expect(payload).not.toHaveProperty("exp");
  });
});

describe("revocation", () => {
  test("ends an access token and leaves its grant; ends a grant with its refresh token; and says no more than 200", async () => {
    for (const format of ["jwt", "opaque"]) {
      const issuing = await newApplication(signet, { metadata: { access_token_format: format } });
      const first = await obtainTokens(issuing);
      const reply = await revoke(issuing.client, first.access_token);
      expect([reply.status, reply.headers.get("Cache-Control"), await reply.text()]).toEqual([200, "no-store", ""]);
      expect(await outcome(userinfo(signet.url, first.access_token))).toEqual(invalidToken);
      expect(await told(resourceServer, first.access_token)).toEqual(inactive);
      const second = await tokensOf(await refresh(issuing, first.refresh_token));
      expect(await outcome(userinfo(signet.url, second.access_token))).toEqual(granted);
      expect((await revoke(issuing.client, second.refresh_token)).status).toBe(200);
      expect(await outcome(userinfo(signet.url, second.access_token))).toEqual(invalidToken);
      expect(await outcome(refresh(issuing, second.refresh_token))).toEqual(invalidGrant);
    }
  });

  test("of a token that a client got for itself shows at introspection", async () => {
    for (const format of ["jwt", "opaque"]) {
      const client = await registerClient(signet, { access_token_format: format });
      const { access_token } = await tokensOf(await tokenRequest(signet.url, client, { grant_type: "client_credentials" }));
      expect(await told(resourceServer, access_token)).toMatchObject({ active: true, sub: client.client_id });
      expect((await revoke(client, access_token)).status).toBe(200);
      expect(await told(resourceServer, access_token)).toEqual(inactive);
    }
  });

  test("K9: of another client's token, also at another tenant, and of what is no token is 200 and has no effect", async () => {
    const tokens = await obtainTokens(application);
    const stranger = await registerClient(signet, { resource_server: true });
    const elsewhere = await createTenant(signet, "elsewhere-revoked");
    const foreign = await registerClient(elsewhere, {}, elsewhere.name);
    for (const token of [tokens.access_token, tokens.refresh_token, "x", "a.b.c"]) {
      expect((await revoke(stranger, token)).status).toBe(200);
      expect((await revoke(foreign, token, elsewhere.issuer)).status).toBe(200);
    }
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
  });

  test("by a public client needs its client_id, and may come from a browser of any origin", async () => {
    const spa = await newApplication(signet, {
      metadata: { token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"] },
    });
    const { refresh_token } = await obtainTokens(spa);
    const reply = await revoke(spa.client, refresh_token);
    expect([reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([200, "*"]);
    expect(await outcome(refresh(spa, refresh_token))).toEqual(invalidGrant);
  });

  test("of an ID token is unsupported_token_type (RFC 7009 section 2.2.1)", async () => {
    const { id_token } = await obtainTokens(application);
    const refused = { status: 400, error: "unsupported_token_type" };
    expect(await outcome(revoke(application.client, id_token))).toEqual(refused);
  });

  test("K9: without authentication is 401, and has no effect", async () => {
    const { access_token } = await obtainTokens(application);
    const body = new URLSearchParams({ token: access_token, client_id: application.client.client_id });
    expect(await outcome(fetch(`${signet.url}${revocationPath}`, { method: "POST", body }))).toEqual(invalidClient);
    expect(await outcome(userinfo(signet.url, access_token))).toEqual(granted);
  });
});

describe.each([introspectionPath, revocationPath])("%s", (path) => {
  const ask = (parameters: Readonly<Record<string, string>>) => tokenRequest(signet.url, application.client, parameters, path);

  test("token_type_hint is only a hint: a wrong or an unknown one changes nothing", async () => {
    for (const hint of ["refresh_token", "id_token", "unheard-of"]) {
      const { access_token } = await obtainTokens(application);
      const reply = await ask({ token: access_token, token_type_hint: hint });
      expect(reply.status).toBe(200);
      const isRevoked = path === revocationPath;
      expect(await outcome(userinfo(signet.url, access_token))).toEqual(isRevoked ? invalidToken : granted);
    }
  });

  test("a missing token, and one of an unheard-of length, is invalid_request", async () => {
    for (const token of ["", "x".repeat(20_000)]) expect(await outcome(ask({ token }))).toEqual(invalidRequest);
  });

  test("Q1: a parameter that was sent twice is invalid_request", async () => {
    const { client_id, client_secret } = application.client;
    for (const twice of ["token=x&token=y", "token=x&token_type_hint=a&token_type_hint=a"]) {
      const body = `client_id=${client_id}&client_secret=${client_secret}&${twice}`;
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      expect(await outcome(fetch(`${signet.url}${path}`, { method: "POST", headers, body }))).toEqual(invalidRequest);
    }
  });

  test("A1: a client that authenticates twice is invalid_request", async () => {
    const { client_id, client_secret } = application.client;
    const headers = { Authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}` };
    const body = new URLSearchParams({ token: "x", client_id, client_secret });
    expect(await outcome(fetch(`${signet.url}${path}`, { method: "POST", headers, body }))).toEqual(invalidRequest);
  });

  test("Q5: JSON and multipart are 415, and GET is 405", async () => {
    const form = new FormData();
    form.set("token", "x");
    const json = { headers: { "Content-Type": "application/json" }, body: '{"token":"x"}' };
    for (const sent of [json, { body: form }]) {
      const reply = await fetch(`${signet.url}${path}`, { method: "POST", ...sent });
      expect(await outcome(reply)).toEqual({ status: 415, error: "invalid_request" });
    }
    const got = await fetch(`${signet.url}${path}?token=x`);
    expect([got.status, got.headers.get("Allow")?.includes("POST")]).toEqual([405, true]);
  });

  test("Q8: NUL and bytes that are not UTF-8 are 400", async () => {
    const headers = [["Content-Type", "application/x-www-form-urlencoded"]] as const;
    for (const body of ["token=%00&client_id=x", "token=%ff&client_id=x", new Uint8Array([0x74, 0x3d, 0xff])]) {
      expect((await rawRequest(signet.url, { method: "POST", target: path, headers, body })).status).toBe(400);
    }
  });

  test("a trailing slash is accepted", async () => {
    expect((await tokenRequest(signet.url, application.client, { token: "x" }, `${path}/`)).status).toBe(200);
  });

  test("A11: malformed Basic is 401", async () => {
    for (const authorization of ["Basic", "Basic !", "Basic eA==", "Bearer x"]) {
      const body = new URLSearchParams({ token: "x" });
      const reply = await fetch(`${signet.url}${path}`, { method: "POST", headers: { Authorization: authorization }, body });
      expect(await outcome(reply)).toEqual(invalidClient);
    }
  });
});
