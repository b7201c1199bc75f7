import { randomBytes } from "node:crypto";
import type { token } from "@signet/contracts";
import { hashSecret, newSecret } from "@signet/protocol";
import { maximumRevokedTokens } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { openTokenService, start } from "../testing/token-service.ts";

const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });

async function withTokens(accessTokenFormat: string, tokenEndpointAuthMethod = "client_secret_basic") {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { accessTokenFormat, tokenEndpointAuthMethod });
  const resourceServer = service.addClient(tenant, { isResourceServer: true });
  const { code } = service.addCode(service.addUser());
  const tokens = await service.redeem(tenant, client, code);
  const isActive = async (token: string) => {
    const reply = await service.introspect(tenant, resourceServer, token);
    const opensUserinfo = await service.userInfo(tenant, token).then(
      () => true,
      () => false,
    );
    expect(reply).toHaveProperty("active", opensUserinfo);
    return opensUserinfo;
  };
  return { service, tenant, client, resourceServer, isActive, issued: tokens, ...tokens };
}

describe.each(["jwt", "opaque"])("with access tokens of the format %s", (format) => {
  test("an access token ends alone, also after a restart: its grant goes on", async () => {
    const { service, tenant, client, isActive, accessToken, refreshToken } = await withTokens(format);
    const second = await service.refresh(tenant, client, refreshToken);
    await service.revoke(tenant, client, accessToken);
    expect(await isActive(accessToken)).toBe(false);
    service.restart();
    expect(await isActive(accessToken)).toBe(false);
    expect(await isActive(second.accessToken)).toBe(true);
    const third = await service.refresh(tenant, client, second.refreshToken);
    expect(await isActive(third.accessToken)).toBe(true);
    await service.revoke(tenant, client, accessToken);
  });

  test("a refresh token ends its grant, with all access tokens", async () => {
    const { service, tenant, client, isActive, accessToken, refreshToken } = await withTokens(format);
    const second = await service.refresh(tenant, client, refreshToken);
    await service.revoke(tenant, client, second.refreshToken);
    expect(await isActive(accessToken)).toBe(false);
    expect(await isActive(second.accessToken)).toBe(false);
    await expect(service.refresh(tenant, client, second.refreshToken)).rejects.toEqual(refusal("invalid_grant"));
    await service.revoke(tenant, client, second.refreshToken);
  });

  test("a refresh token that was used already ends its grant as well", async () => {
    const { service, tenant, client, isActive, refreshToken } = await withTokens(format);
    const second = await service.refresh(tenant, client, refreshToken);
    await service.revoke(tenant, client, refreshToken);
    expect(await isActive(second.accessToken)).toBe(false);
    await expect(service.refresh(tenant, client, second.refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  });

  test("K9: another client, also a resource server, ends nothing", async () => {
    const { service, tenant, resourceServer, client, isActive, accessToken, refreshToken } = await withTokens(format);
    for (const token of [accessToken, refreshToken]) await service.revoke(tenant, resourceServer, token);
    expect(await isActive(accessToken)).toBe(true);
    await expect(service.refresh(tenant, client, refreshToken)).resolves.toHaveProperty("accessToken");
  });

  test("T2: a client of another tenant ends nothing", async () => {
    const { service, isActive, accessToken, refreshToken } = await withTokens(format);
    const other = service.addTenant("other");
    const stranger = service.addClient(other);
    for (const token of [accessToken, refreshToken]) await service.revoke(other, stranger, token);
    expect(await isActive(accessToken)).toBe(true);
  });

  test("a public client ends its own tokens by its client_id", async () => {
    const { service, tenant, client, isActive, accessToken, refreshToken } = await withTokens(format, "none");
    await service.revoke(tenant, client, accessToken);
    expect(await isActive(accessToken)).toBe(false);
    await service.revoke(tenant, client, refreshToken);
    await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  });

  test("a client ends a token that it got for itself", async () => {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, { accessTokenFormat: format, grantTypes: ["client_credentials"] });
    const issue = async () => (await service.exchange(tenant, client, { grant_type: "client_credentials" })).accessToken;
    const [ended, other] = [await issue(), await issue()];
    await service.revoke(tenant, client, ended);
    service.restart();
    expect(await service.introspect(tenant, client, ended)).toEqual({ active: false });
    expect(await service.introspect(tenant, client, other)).toHaveProperty("active", true);
    await expect(service.userInfo(tenant, ended)).rejects.toEqual(refusal("invalid_token"));
  });
});

test("X4: an opaque token that comes back with a store that crashed stays ended", async () => {
  const { service, tenant, client, isActive, accessToken } = await withTokens("opaque");
  const stored = await service.stores.accessTokens.find(tenant.id, hashSecret(accessToken), start);
  await service.revoke(tenant, client, accessToken);
  if (stored !== undefined) await service.stores.accessTokens.save(stored);
  expect(await service.stores.accessTokens.find(tenant.id, hashSecret(accessToken), start)).toEqual(stored);
  expect(await isActive(accessToken)).toBe(false);
});

test("a client that ends more JWTs of a grant than Signet notes ends the grant", async () => {
  const { service, tenant, client, isActive, issued } = await withTokens("jwt");
  let latest: token.ExchangeResponse = issued;
  for (let count = 0; count < maximumRevokedTokens; count++) {
    await service.revoke(tenant, client, latest.accessToken);
    latest = await service.refresh(tenant, client, latest.refreshToken);
  }
  expect(await isActive(latest.accessToken)).toBe(true);
  await service.revoke(tenant, client, latest.accessToken);
  await expect(service.refresh(tenant, client, latest.refreshToken)).rejects.toEqual(refusal("invalid_grant"));
});

test.each(["x", "a.b.c", newSecret(randomBytes), "A".repeat(64), "e30.e30.c2ln"])("%s is no error", async (presented) => {
  const service = openTokenService();
  const tenant = service.addTenant();
  await service.revoke(tenant, service.addClient(tenant), presented);
});

test("an expired access token is no error", async () => {
  const { service, tenant, client, accessToken } = await withTokens("jwt");
  service.advance(3_600_000);
  await service.revoke(tenant, client, accessToken);
});

test("an ID token is unsupported_token_type; one of another tenant is as good as unknown", async () => {
  const { service, tenant, client, idToken } = await withTokens("jwt");
  await expect(service.revoke(tenant, client, idToken)).rejects.toEqual(refusal("unsupported_token_type"));
  const other = service.addTenant("other");
  await service.revoke(other, service.addClient(other), idToken);
});

test("K9: whoever does not authenticate ends nothing", async () => {
  const { service, tenant, client, isActive, accessToken } = await withTokens("jwt");
  const parameters = [{ name: "token", value: accessToken }];
  for (const authentication of [undefined, { method: "none", clientId: client.id, clientSecret: "" }]) {
    const asked = service.tokens.revoke({ tenant: tenant.name, parameters, authentication });
    await expect(asked).rejects.toEqual(refusal("invalid_client"));
  }
  expect(await isActive(accessToken)).toBe(true);
});
