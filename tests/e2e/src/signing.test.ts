import { createHash } from "node:crypto";
import {
  type Application,
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";

const algorithms = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"] as const;
type Algorithm = (typeof algorithms)[number];

let signet: Signet;
let homes: Readonly<Record<string, Home>>;
beforeAll(async () => {
  signet = await startSignet();
  homes = { default: signet, elsewhere: await createTenant(signet, "elsewhere-signed") };
});
afterAll(() => signet.stop());

let people = 0;
async function applicationAt(tenant: string, metadata: Readonly<Record<string, unknown>>): Promise<Application> {
  const home = homes[tenant] ?? signet;
  return newApplication(home, { person: await createUser(home, `person-${++people}`), metadata });
}

/** The keys as discovery leads to them, as any relying party gets them. */
async function keysOf(issuer: string) {
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  return createRemoteJWKSet(new URL(JSON.parse(await discovery.text()).jwks_uri));
}

async function keySetOf(issuer: string): Promise<JSONWebKeySet> {
  return JSON.parse(await (await fetch(`${issuer}/oauth2/v1/certs`)).text());
}

const leftHalfHash = (token: string, algorithm: Algorithm) => {
  const digest = createHash(algorithm.startsWith("Ed") ? "sha512" : "sha256")
    .update(token)
    .digest();
  return digest.subarray(0, digest.length / 2).toString("base64url");
};

describe.each(["default", "elsewhere"])("at the tenant %s", (tenant) => {
  test.each(algorithms)("an ID token by %s verifies with the published keys, and says what it must", async (algorithm) => {
    const application = await applicationAt(tenant, { id_token_signed_response_alg: algorithm });
    const { issuer, client } = application;
    const before = Math.floor(Date.now() / 1000);
    const tokens = await obtainTokens(application, { nonce: "the-nonce" });
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, await keysOf(issuer), {
      issuer,
      audience: client.client_id,
      algorithms: [algorithm],
      typ: "JWT",
    });
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "JWT", kid: expect.any(String) });
    expect(payload).toEqual({
      iss: issuer,
      sub: expect.stringMatching(/^[0-9a-f]{32}$/),
      aud: client.client_id,
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      auth_time: expect.any(Number),
      nonce: "the-nonce",
      at_hash: leftHalfHash(tokens.access_token, algorithm),
      sid: expect.stringMatching(/^[0-9a-f]{32}$/),
      amr: ["pwd"],
    });
    expect(payload.iat).toBeGreaterThanOrEqual(before);
    expect(payload.auth_time).toBeLessThanOrEqual(payload.iat ?? 0);

    const refreshed = await tokensOf(await refresh(application, tokens.refresh_token));
    const again = await jwtVerify(refreshed.id_token, await keysOf(issuer), { issuer, audience: client.client_id });
    expect(again.payload).toMatchObject({ sub: payload.sub, auth_time: payload.auth_time, sid: payload.sid });
    expect(again.payload).not.toHaveProperty("nonce");
    expect(again.payload.at_hash).toBe(leftHalfHash(refreshed.access_token, algorithm));
  });

  test.each(algorithms)("an access token by %s verifies with the published keys, and opens userinfo", async (algorithm) => {
    const application = await applicationAt(tenant, { access_token_signed_response_alg: algorithm });
    const { issuer, client } = application;
    const { access_token, id_token } = await obtainTokens(application);
    const { payload, protectedHeader } = await jwtVerify(access_token, await keysOf(issuer), {
      issuer,
      audience: issuer,
      algorithms: [algorithm],
      typ: "at+jwt",
    });
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "at+jwt", kid: expect.any(String) });
    expect(payload).toEqual({
      iss: issuer,
      sub: decodeJwt(id_token).sub,
      aud: issuer,
      client_id: client.client_id,
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: "openid offline_access",
      auth_time: expect.any(Number),
      gid: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(decodeProtectedHeader(id_token).alg).toBe("RS256");
    expect(await outcome(userinfo(issuer, access_token))).toEqual(granted);
  });

  test("an access token is signed as the ID token is, unless the client says otherwise", async () => {
    const tokens = await obtainTokens(await applicationAt(tenant, { id_token_signed_response_alg: "ES256" }));
    expect(decodeProtectedHeader(tokens.access_token).alg).toBe("ES256");
  });

  test("a client's own token is its own: the subject is the client, and there is neither a refresh token nor an ID token", async () => {
    const { issuer, client } = await applicationAt(tenant, { access_token_signed_response_alg: "ES256" });
    const tokens = await tokensOf(await tokenRequest(issuer, client, { grant_type: "client_credentials" }));
    expect(tokens).toMatchObject({ id_token: "", refresh_token: "" });
    const { payload } = await jwtVerify(tokens.access_token, await keysOf(issuer), { issuer, audience: issuer, typ: "at+jwt" });
    expect(payload).toEqual({
      iss: issuer,
      sub: client.client_id,
      aud: issuer,
      client_id: client.client_id,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
    expect(await outcome(userinfo(issuer, tokens.access_token))).toEqual({ status: 403, error: "insufficient_scope" });
  });

  test("an opaque access token says nothing, and opens userinfo", async () => {
    const application = await applicationAt(tenant, { access_token_format: "opaque" });
    const { access_token, id_token } = await obtainTokens(application);
    expect(access_token).toMatch(/^[\w-]{43}$/);
    const { sub, at_hash } = decodeJwt(id_token);
    expect(at_hash).toBe(leftHalfHash(access_token, "RS256"));
    const reply = await userinfo(application.issuer, access_token);
    expect([reply.status, await reply.json()]).toEqual([200, { sub }]);
  });

  test("K1: the published keys are public ones only, each with its use, its algorithm and an id of its own", async () => {
    const { issuer } = await applicationAt(tenant, {});
    for (const algorithm of algorithms) {
      const { client } = await applicationAt(tenant, { access_token_signed_response_alg: algorithm });
      await tokensOf(await tokenRequest(issuer, client, { grant_type: "client_credentials" }));
    }
    const { keys } = await keySetOf(issuer);
    expect(keys.map(({ alg }) => alg).sort()).toEqual([...algorithms].sort());
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      const members = key.kty === "RSA" ? ["n", "e"] : key.kty === "EC" ? ["crv", "x", "y"] : ["crv", "x"];
      expect(Object.keys(key).sort()).toEqual(["alg", "kid", "kty", "use", ...members].sort());
      expect(key.use).toBe("sig");
    }
  });
});

test("tokens of before a restart verify with the keys of after it", async () => {
  const application = await applicationAt("default", { id_token_signed_response_alg: "ES256" });
  const { id_token, access_token } = await obtainTokens(application);
  await signet.restart();
  const keys = createLocalJWKSet(await keySetOf(signet.url));
  for (const token of [id_token, access_token]) await jwtVerify(token, keys, { issuer: signet.url });
  expect(await outcome(userinfo(signet.url, access_token))).toEqual(granted);
});

test("a tampered token verifies with none of the keys, and opens nothing", async () => {
  const application = await applicationAt("default", {});
  const tokens = await tokensOf(await redeem(application, await obtainCode(application)));
  const [header = "", payload = "", signature = ""] = tokens.access_token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { kid } = decodeProtectedHeader(tokens.access_token);
  const [jwk] = (await keySetOf(signet.url)).keys;
  for (const forged of [
    `${header}.${encoded({ ...claims, scope: "openid email" })}.${signature}`,
    `${encoded({ alg: "none", typ: "at+jwt", kid })}.${payload}.`,
    `${encoded({ alg: "nOnE", typ: "at+jwt" })}.${payload}.${signature}`,
    `${encoded({ alg: "HS256", typ: "at+jwt", kid })}.${payload}.${signature}`,
    `${encoded({ alg: "RS256", typ: "JWT", kid })}.${payload}.${signature}`,
    `${encoded({ alg: "RS256", typ: "at+jwt", kid, jwk })}.${payload}.${signature}`,
    `${encoded({ alg: "RS256", typ: "at+jwt", kid, jku: "https://evil.example/keys" })}.${payload}.${signature}`,
    `${encoded({ alg: "RS256", typ: "at+jwt", kid: "../../../dev/null" })}.${payload}.${signature}`,
  ]) {
    expect(await outcome(userinfo(signet.url, forged))).toEqual({ status: 401, error: "invalid_token" });
  }
});
