import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { authenticationOf, clientSecret, openTokenService, publicUrl, sent, start } from "../testing/token-service.ts";

const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });
const grant_type = "client_credentials";
const metadata = { grantTypes: [grant_type], scope: "openid reports:read reports:write" };

test("a client gets an access token for itself, without ID token and refresh token", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { ...metadata, accessTokenSignedResponseAlg: "EdDSA" });
  const reply = await service.exchange(tenant, client, { grant_type, scope: "reports:read" });
  expect(reply).toEqual({
    accessToken: expect.any(String),
    tokenType: "Bearer",
    expiresIn: 3600,
    idToken: undefined,
    refreshToken: undefined,
    scope: undefined,
  });
  expect(decodeProtectedHeader(reply.accessToken)).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
  const { payload } = await jwtVerify(reply.accessToken, createLocalJWKSet(await service.jwks(tenant)), {
    currentDate: new Date(start),
  });
  expect(payload).toMatchObject({ iss: publicUrl, sub: client.id, client_id: client.id, scope: "reports:read" });
  expect(payload).not.toHaveProperty("gid");
});

test("without a scope parameter the client gets its own scopes, and the reply says which", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  expect((await service.exchange(tenant, client, { grant_type })).scope).toBe("reports:read reports:write");
});

test.each(["openid", "offline_access", "reports:delete"])("the scope %s is invalid_scope", async (scope) => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  await expect(service.exchange(tenant, client, { grant_type, scope })).rejects.toEqual(refusal("invalid_scope"));
});

test.each([
  { type: "client_credentials", registered: ["authorization_code"] },
  { type: "refresh_token", registered: ["authorization_code"] },
  { type: "authorization_code", registered: ["client_credentials"] },
])("A12: $type is unauthorized_client for a client registered for $registered", async ({ type, registered }) => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { grantTypes: registered });
  await expect(service.exchange(tenant, client, { grant_type: type })).rejects.toEqual(refusal("unauthorized_client"));
});

test("an unknown grant type is unsupported_grant_type", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  await expect(service.exchange(tenant, client, { grant_type: "password" })).rejects.toEqual(refusal("unsupported_grant_type"));
});

test.each([
  { change: { clientSecret: "" }, shown: "an empty secret" },
  { change: { clientSecret: "*".repeat(43) }, shown: "a wrong secret" },
  { change: { method: "client_secret_post" }, shown: "its secret by another method" },
  { change: { method: "none" }, shown: "no secret" },
  { change: { method: "private_key_jwt" }, shown: "an unknown method" },
  { change: { clientId: "00112233445566778899aabb" }, shown: "the id of another" },
])("a client that shows $shown is invalid_client", async ({ change }) => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  const authentication = { ...authenticationOf(client), ...change };
  const request = { tenant: tenant.name, parameters: sent({ grant_type }), authentication };
  await expect(service.tokens.exchange(request)).rejects.toEqual(refusal("invalid_client"));
});

test("a client that shows nothing is invalid_client", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const request = { tenant: tenant.name, parameters: sent({ grant_type }) };
  await expect(service.tokens.exchange(request)).rejects.toEqual(refusal("invalid_client"));
});

test("a client of another tenant is invalid_client", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  await expect(service.exchange(service.addTenant("other"), client, { grant_type })).rejects.toEqual(refusal("invalid_client"));
});

test("a parameter that is sent twice is invalid_request", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  const parameters = [...sent({ grant_type }), ...sent({ grant_type })];
  const request = { tenant: tenant.name, parameters, authentication: authenticationOf(client) };
  await expect(service.tokens.exchange(request)).rejects.toEqual(refusal("invalid_request"));
});

test("no description of an error shows the secret", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, metadata);
  const authentication = { ...authenticationOf(client), method: "client_secret_post" };
  const request = { tenant: tenant.name, parameters: sent({ grant_type }), authentication };
  const error = await service.tokens.exchange(request).catch(String);
  expect(error).not.toContain(clientSecret);
});
