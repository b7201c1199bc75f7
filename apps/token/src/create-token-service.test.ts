import { hashSecret, parseGrantId } from "@signet/protocol";
import { expect, test } from "vitest";
import { onTenantDeleted } from "./deletions.ts";
import { authenticationOf, openTokenService, sent } from "./testing/token-service.ts";

const notFound = expect.objectContaining({ name: "ResourceError", kind: "not_found" });
const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });

test("an unknown tenant is not found, whatever is asked of it", async () => {
  const { tokens } = openTokenService();
  const tenant = "nobody";
  await expect(tokens.exchange({ tenant })).rejects.toEqual(notFound);
  await expect(tokens.userInfo({ tenant })).rejects.toEqual(notFound);
  await expect(tokens.jwks({ tenant })).rejects.toEqual(notFound);
  await expect(tokens.revokeGrant({ tenant })).rejects.toEqual(notFound);
});

test("revoking a grant that never was, or whose id is none, is no error", async () => {
  const service = openTokenService();
  const tenant = service.addTenant().name;
  expect(await service.tokens.revokeGrant({ tenant, grantId: "0".repeat(32) })).toEqual({});
  expect(await service.tokens.revokeGrant({ tenant, grantId: "x" })).toEqual({});
});

test("a revoked grant ends its refresh token", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code, grantId } = service.addCode(service.addUser());
  const { refreshToken } = await service.redeem(tenant, client, code);
  await service.tokens.revokeGrant({ tenant: tenant.name, grantId });
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
});

test("one tenant cannot revoke another's grant", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code, grantId } = service.addCode(service.addUser());
  const { refreshToken } = await service.redeem(tenant, client, code);
  await service.tokens.revokeGrant({ tenant: service.addTenant("other").name, grantId });
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("a call to the auth service ends when the request that it is made for does", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { code } = service.addCode(service.addUser());
  const parameters = sent({ grant_type: "authorization_code", code, redirect_uri: "https://app.example/cb" });
  const request = { tenant: tenant.name, parameters, authentication: authenticationOf(client) };
  const givenUp = new AbortController();
  const aborted: unknown[] = [];
  service.answers.onCall = ({ signal }) => {
    aborted.push(signal?.aborted);
    givenUp.abort();
    aborted.push(signal?.aborted);
  };
  await expect(service.tokens.exchange(request, { signal: givenUp.signal })).rejects.toThrow();
  expect(aborted).toEqual([false, true]);
});

test("of a deleted tenant nothing is kept", async () => {
  const service = openTokenService();
  const { stores, sealer, clock } = service;
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { accessTokenFormat: "opaque" });
  const { code, grantId } = service.addCode(service.addUser());
  const { accessToken } = await service.redeem(tenant, client, code);
  const id = parseGrantId(grantId);
  if (id === undefined) throw new Error("the code has a grant");
  const sealed = await sealer.seal(tenant.id, "a secret", "test");
  const kept = async () => [
    await stores.grants.find(tenant.id, id, clock()),
    await stores.accessTokens.find(tenant.id, hashSecret(accessToken), clock()),
    (await stores.signingKeys.list(tenant.id))[0],
    await stores.tokenDataKeys.find(tenant.id),
    await sealer.open(tenant.id, sealed, "test").catch(() => undefined),
  ];
  expect(await kept()).not.toContain(undefined);

  await onTenantDeleted(service)(tenant.id);
  expect(await kept()).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
