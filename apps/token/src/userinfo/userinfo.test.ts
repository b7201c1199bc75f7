import { randomBytes } from "node:crypto";
import { newSecret } from "@signet/protocol";
import fc from "fast-check";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { openTokenService, publicUrl } from "../testing/token-service.ts";

const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });
const profile = { name: "Ada Lovelace", email: "ada@example.com", email_verified: true, badge_number: 7, roles: ["admin"] };

const badge = { name: "badge", description: "Your badge", fields: ["badge_number"] };

describe.each(["jwt", "opaque"])("with an access token of the format %s", (accessTokenFormat) => {
  async function withAccessToken(scopes = ["openid", "email"], customClaims = ["badge_number"]) {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, {
      accessTokenFormat,
      scopes: [{ name: "badge", description: "Your badge", fields: ["badge_number"] }],
    });
    const userId = service.addUser(profile);
    const { code, grantId } = service.addCode(userId, { scopes, customClaims });
    const tokens = await service.redeem(tenant, client, code);
    return { service, tenant, client, userId, grantId, ...tokens };
  }

  test("userinfo has the subject first, and the claims of the granted scopes", async () => {
    const { service, tenant, accessToken, userId } = await withAccessToken();
    const { claims } = await service.tokens.userInfo({ tenant: tenant.name, accessToken });
    expect(claims).toBe(`{"sub":"${userId}","email":"ada@example.com","email_verified":true}`);
  });

  test("a custom scope brings its fields", async () => {
    const { service, tenant, accessToken, userId } = await withAccessToken(["openid", "badge"]);
    expect(await service.userInfo(tenant, accessToken)).toEqual({ sub: userId, badge_number: 7 });
  });

  test("userinfo has the claims that were asked for by name, beside those of the scopes, as long as they are open to the client", async () => {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, { accessTokenFormat, scopes: [badge] });
    const userId = service.addUser(profile);
    const requestedClaims = { userinfo: ["name", "badge_number", "gender"], idToken: ["email"] };
    const { code } = service.addCode(userId, { scopes: ["openid"], requestedClaims });
    const { accessToken } = await service.redeem(tenant, client, code);
    expect(await service.userInfo(tenant, accessToken)).toEqual({ sub: userId, name: "Ada Lovelace", badge_number: 7 });
    service.redefineScopes(client, []);
    expect(await service.userInfo(tenant, accessToken)).toEqual({ sub: userId, name: "Ada Lovelace" });
  });

  test("a custom scope that was widened after it was granted brings no more than before", async () => {
    const { service, tenant, client, accessToken, refreshToken, userId } = await withAccessToken([
      "openid",
      "badge",
      "offline_access",
    ]);
    service.redefineScopes(client, [{ name: "badge", description: "Your badge", fields: ["badge_number", "roles"] }]);
    expect(await service.userInfo(tenant, accessToken)).toEqual({ sub: userId, badge_number: 7 });
    const refreshed = await service.refresh(tenant, client, refreshToken);
    expect(await service.userInfo(tenant, refreshed.accessToken)).toEqual({ sub: userId, badge_number: 7 });
  });

  test("a custom scope that was narrowed after it was granted brings no more than it says now", async () => {
    const { service, tenant, client, accessToken, userId } = await withAccessToken(["openid", "badge"]);
    service.redefineScopes(client, [{ name: "badge", description: "Your badge", fields: [] }]);
    expect(await service.userInfo(tenant, accessToken)).toEqual({ sub: userId });
  });

  test("without the scope openid it is insufficient_scope", async () => {
    const { service, tenant, accessToken } = await withAccessToken(["email"]);
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("insufficient_scope"));
  });

  test("a client's own token is insufficient_scope: there is no user behind it", async () => {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, { accessTokenFormat, grantTypes: ["client_credentials"] });
    const { accessToken } = await service.exchange(tenant, client, { grant_type: "client_credentials" });
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("insufficient_scope"));
  });

  test("an expired token is invalid_token", async () => {
    const { service, tenant, accessToken } = await withAccessToken();
    service.advance(3_600_000 - 1);
    expect(await service.userInfo(tenant, accessToken)).toHaveProperty("sub");
    service.advance(1);
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test("T2: a token of one tenant is invalid_token at another", async () => {
    const { service, accessToken } = await withAccessToken();
    const other = service.addTenant("other");
    await expect(service.userInfo(other, accessToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test("F8: an ID token and a refresh token are invalid_token", async () => {
    const { service, tenant, idToken = "", refreshToken = "" } = await withAccessToken(["openid", "offline_access"]);
    await expect(service.userInfo(tenant, idToken)).rejects.toEqual(refusal("invalid_token"));
    await expect(service.userInfo(tenant, refreshToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test("C7: any mutation of the token is invalid_token, and nothing else is ever thrown", async () => {
    const { service, tenant, accessToken } = await withAccessToken();
    await service.userInfo(tenant, accessToken);
    const mutation = fc.record({ at: fc.nat(accessToken.length), removed: fc.nat(3), inserted: fc.string({ maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, removed, inserted }) => {
        const mutated = accessToken.slice(0, at) + inserted + accessToken.slice(at + removed);
        fc.pre(mutated !== accessToken);
        await expect(service.userInfo(tenant, mutated)).rejects.toEqual(refusal("invalid_token"));
      }),
    );
  });

  test("once the grant was revoked it is invalid_token", async () => {
    const { service, tenant, accessToken, grantId } = await withAccessToken();
    await service.userInfo(tenant, accessToken);
    await service.tokens.revokeGrant({ tenant: tenant.name, grantId });
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test("once the client was deleted it is invalid_token", async () => {
    const { service, tenant, client, accessToken } = await withAccessToken();
    await service.userInfo(tenant, accessToken);
    service.deleteClient(client);
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test.each([
    { what: "was blocked", user: { blocked: true, epoch: 1, claims: "{}" } },
    { what: "has another epoch", user: { blocked: false, epoch: 2, claims: "{}" } },
    { what: "was deleted", user: undefined },
  ])("F6: once the user $what it is invalid_token, for good", async ({ user }) => {
    const { service, tenant, userId, accessToken } = await withAccessToken();
    await service.userInfo(tenant, accessToken);
    const asBefore = service.answers.users.get(userId);
    service.answers.users.delete(userId);
    if (user !== undefined) service.answers.users.set(userId, user);
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
    if (asBefore !== undefined) service.answers.users.set(userId, asBefore);
    await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
  });

  test("after a restart the token is as good as before", async () => {
    const { service, tenant, accessToken } = await withAccessToken();
    service.restart();
    expect(await service.userInfo(tenant, accessToken)).toHaveProperty("sub");
  });
});

test.each(["", "x", "a.b.c", newSecret(randomBytes), "e30.e30.c2ln"])("%s is invalid_token", async (accessToken) => {
  const service = openTokenService();
  await expect(service.userInfo(service.addTenant(), accessToken)).rejects.toEqual(refusal("invalid_token"));
});

test("X17: a JWT that was good before is refused as soon as its key is revoked, and one of the next key is not", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { accessTokenFormat: "jwt" });
  const userId = service.addUser(profile);
  const signedTokens = async () => (await service.redeem(tenant, client, service.addCode(userId).code)).accessToken;
  const before = await signedTokens();
  expect(await service.userInfo(tenant, before)).toHaveProperty("sub");
  await service.tokens.revokeSigningKeys({ tenant: tenant.name });
  await expect(service.userInfo(tenant, before)).rejects.toEqual(refusal("invalid_token"));
  expect(await service.userInfo(tenant, await signedTokens())).toHaveProperty("sub");
});

test("a client that is registered so gets the claims signed, for itself and with its algorithm", async () => {
  for (const alg of ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"]) {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, { userinfoSignedResponseAlg: alg });
    const userId = service.addUser(profile);
    const { code } = service.addCode(userId, { scopes: ["openid", "email"] });
    const { accessToken } = await service.redeem(tenant, client, code);
    const { claims, jwt } = await service.tokens.userInfo({ tenant: tenant.name, accessToken });
    expect(claims).toBe("");
    const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(await service.jwks(tenant)));
    expect(protectedHeader.alg).toBe(alg);
    expect(payload).toEqual({ sub: userId, email: "ada@example.com", email_verified: true, iss: publicUrl, aud: client.id });
    await expect(service.userInfo(tenant, jwt)).rejects.toEqual(refusal("invalid_token"));
  }
});
