import { randomBytes } from "node:crypto";
import {
  accessTokenHash,
  newGrantId,
  newSessionPublicId,
  OAuthError,
  ResourceError,
  type SigningAlgorithm,
  sidOf,
  signingAlgorithms,
} from "@signet/protocol";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { answering, openTokenService, publicUrl, start } from "../testing/token-service.ts";

const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });

test("a code with the scope openid gives exactly an access token, an ID token, the token type and the lifetime", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser(), { scopes: ["openid"] });
  expect(await service.redeem(tenant, client, code)).toEqual({
    accessToken: expect.any(String),
    idToken: expect.any(String),
    tokenType: "Bearer",
    expiresIn: 3600,
    refreshToken: undefined,
    scope: undefined,
  });
});

test("without the scope openid there is no ID token", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser(), { scopes: ["email"] });
  expect((await service.redeem(tenant, client, code)).idToken).toBeUndefined();
});

test("the reply has the scope where less was granted than asked for", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser(), { scopes: ["openid"], requestedScopes: ["openid", "email"] });
  expect((await service.redeem(tenant, client, code)).scope).toBe("openid");
});

describe.each(signingAlgorithms)("with %s", (algorithm: SigningAlgorithm) => {
  test("an independent library verifies the ID token and the access token with the published keys", async () => {
    const service = openTokenService();
    const tenant = service.addTenant("acme");
    const client = service.addClient(tenant, { idTokenSignedResponseAlg: algorithm });
    const userId = service.addUser();
    const sid = newSessionPublicId(randomBytes);
    const { code, grantId } = service.addCode(userId, { scopes: ["openid", "email"], nonce: "n-1", sid });
    const { accessToken, idToken = "" } = await service.redeem(tenant, client, code);

    const jwks = createLocalJWKSet(await service.jwks(tenant));
    const expected = { issuer: `${publicUrl}/acme`, currentDate: new Date(start), algorithms: [algorithm] };
    const id = await jwtVerify(idToken, jwks, { ...expected, audience: client.id, typ: "JWT" });
    expect(id.protectedHeader).toEqual({ alg: algorithm, kid: expect.any(String), typ: "JWT" });
    expect(id.payload).toEqual({
      iss: `${publicUrl}/acme`,
      sub: userId,
      aud: client.id,
      iat: start / 1000,
      exp: start / 1000 + 3600,
      auth_time: start / 1000 - 60,
      nonce: "n-1",
      at_hash: accessTokenHash(accessToken, algorithm),
      sid: sidOf(sid, client.id),
      amr: ["pwd"],
    });
    const access = await jwtVerify(accessToken, jwks, { ...expected, audience: `${publicUrl}/acme`, typ: "at+jwt" });
    expect(access.payload).toEqual({
      iss: `${publicUrl}/acme`,
      sub: userId,
      aud: `${publicUrl}/acme`,
      client_id: client.id,
      iat: start / 1000,
      exp: start / 1000 + 3600,
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      scope: "openid email",
      auth_time: start / 1000 - 60,
      gid: grantId,
    });
  });
});

test("lifetimes are those of the tenant's settings", async () => {
  const service = openTokenService();
  const tenant = service.addTenant("acme", { tokenTimeout: 90_000, idTokenTimeout: 30_000 });
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser());
  const { idToken = "", expiresIn } = await service.redeem(tenant, client, code);
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(await service.jwks(tenant)), { currentDate: new Date(start) });
  expect([expiresIn, payload.exp]).toEqual([90, start / 1000 + 30]);
});

test("a client that is registered for it gets an opaque access token, and at_hash is of that", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { accessTokenFormat: "opaque" });
  const { code } = service.addCode(service.addUser());
  const { accessToken, idToken = "" } = await service.redeem(tenant, client, code);
  expect(accessToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(await service.jwks(tenant)), { currentDate: new Date(start) });
  expect(payload.at_hash).toBe(accessTokenHash(accessToken, "ES256"));
});

test.each([
  { scopes: ["openid", "offline_access"], setting: "offline_access", issued: true },
  { scopes: ["openid"], setting: "offline_access", issued: false },
  { scopes: ["openid"], setting: "always", issued: true },
] as const)(
  "granted $scopes, the tenant's setting $setting: a refresh token is issued $issued",
  async ({ scopes, setting, issued }) => {
    const service = openTokenService();
    const tenant = service.addTenant("acme", { refreshTokens: setting });
    const client = service.addClient(tenant);
    const { code } = service.addCode(service.addUser(), { scopes: [...scopes] });
    const { refreshToken } = await service.redeem(tenant, client, code);
    expect(refreshToken !== undefined).toBe(issued);
  },
);

test("C2: a replayed code is invalid_grant and revokes what was issued from it", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code, grantId } = service.addCode(service.addUser());
  const { accessToken, refreshToken } = await service.redeem(tenant, client, code);

  service.answers.codes.set(code, { $case: "replayed", value: { grantId } });
  service.advance(2000);
  await expect(service.redeem(tenant, client, code)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
});

test("C2: a code whose replay came before its redemption was written gives no tokens", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code, grantId } = service.addCode(service.addUser());
  service.answers.codes.set("replay", { $case: "replayed", value: { grantId } });
  await expect(service.redeem(tenant, client, "replay")).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.redeem(tenant, client, code)).rejects.toEqual(refusal("invalid_grant"));
});

test("C1: a replay that auth does not report as one leaves what was issued alone", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser());
  const { accessToken } = await service.redeem(tenant, client, code);
  service.answers.onCall = answering(new OAuthError("invalid_grant", "the code was used before"));
  await expect(service.redeem(tenant, client, code)).rejects.toEqual(refusal("invalid_grant"));
  service.answers.onCall = () => {};
  expect(await service.userInfo(tenant, accessToken)).toHaveProperty("sub");
});

test("while the auth service cannot be reached the answer is unavailable", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  service.answers.onCall = answering(new ResourceError("unavailable", "no connection"));
  await expect(service.redeem(tenant, client, "c")).rejects.toEqual(
    expect.objectContaining({ name: "ResourceError", kind: "unavailable" }),
  );
});

test("an answer of the auth service that its contract does not allow opens no grant", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode("ada", { grantId: newGrantId(randomBytes, start) });
  await expect(service.redeem(tenant, client, code)).rejects.toEqual(expect.objectContaining({ name: "ClientError" }));
});
