import { randomBytes } from "node:crypto";
import { newRefreshToken, parseGrantId, ResourceError, type Tenant } from "@signet/protocol";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { answering, openTokenService, publicUrl, refreshGraceMilliseconds, start } from "../testing/token-service.ts";

const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });
const day = 24 * 3600 * 1000;

/** A service with a client to which tokens were issued. */
async function withTokens({
  scopes = ["openid", "email", "offline_access"],
  draft = {},
}: {
  readonly scopes?: string[];
  readonly draft?: { readonly tokenEndpointAuthMethod?: string };
} = {}) {
  const service = openTokenService();
  const tenant = service.addTenant("acme");
  const client = service.addClient(tenant, draft);
  const userId = service.addUser();
  const { code, grantId } = service.addCode(userId, { scopes, nonce: "n-1" });
  const { accessToken, refreshToken = "" } = await service.redeem(tenant, client, code);
  return { service, tenant, client, userId, grantId, accessToken, refreshToken };
}

test("a refresh gives a new access token, a new refresh token and a new ID token", async () => {
  const { service, tenant, client, accessToken, refreshToken } = await withTokens();
  const reply = await service.refresh(tenant, client, refreshToken);
  expect(reply).toEqual({
    accessToken: expect.any(String),
    refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{64}$/),
    idToken: expect.any(String),
    tokenType: "Bearer",
    expiresIn: 3600,
    scope: undefined,
  });
  expect([reply.accessToken, reply.refreshToken]).not.toContain(accessToken);
  expect(reply.refreshToken).not.toBe(refreshToken);
  expect(await service.userInfo(tenant, reply.accessToken)).toHaveProperty("sub");
});

test("the ID token of a refresh is of the same sign-in, without a nonce", async () => {
  const { service, tenant, client, userId, refreshToken } = await withTokens();
  service.advance(5000);
  const { idToken = "" } = await service.refresh(tenant, client, refreshToken);
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(await service.jwks(tenant)), { currentDate: new Date(start) });
  expect(payload).toMatchObject({
    iss: `${publicUrl}/acme`,
    sub: userId,
    aud: client.id,
    auth_time: start / 1000 - 60,
    iat: start / 1000 + 5,
  });
  expect(payload).not.toHaveProperty("nonce");
});

test("an access token of a refresh is of the same sign-in (RFC 9068 section 2.2.1)", async () => {
  const { service, tenant, client, accessToken, refreshToken } = await withTokens();
  service.advance(5000);
  const refreshed = await service.refresh(tenant, client, refreshToken);
  const times = [accessToken, refreshed.accessToken].map((jwt) => decodeJwt(jwt).auth_time);
  expect(times).toEqual([start / 1000 - 60, start / 1000 - 60]);
});

test("where openid was not granted a refresh gives no ID token", async () => {
  const { service, tenant, client, refreshToken } = await withTokens({ scopes: ["email", "offline_access"] });
  expect((await service.refresh(tenant, client, refreshToken)).idToken).toBeUndefined();
});

test("a public client's refresh token is replaced too", async () => {
  const { service, tenant, client, refreshToken } = await withTokens({ draft: { tokenEndpointAuthMethod: "none" } });
  const next = (await service.refresh(tenant, client, refreshToken)).refreshToken;
  service.advance(refreshGraceMilliseconds);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.refresh(tenant, client, next)).rejects.toEqual(refusal("invalid_grant"));
});

test("refresh tokens live on from one to the next for longer than any of them", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  let live: string | undefined = refreshToken;
  for (let month = 0; month < 3; month++) {
    service.advance(29 * day);
    live = (await service.refresh(tenant, client, live)).refreshToken;
  }
  expect(live).toBeDefined();
});

test("a refresh token is invalid_grant once its lifetime is over", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  service.advance(30 * day);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
});

test("F1: of 100 parallel refreshes all that succeed get the same successor", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => service.refresh(tenant, client, refreshToken)));
  const refused = outcomes.filter(({ status }) => status === "rejected");
  const successors = new Set(outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.refreshToken] : [])));
  expect(successors.size).toBe(1);
  for (const outcome of refused) expect(outcome).toHaveProperty("reason", refusal("invalid_grant"));
  const [successor] = successors;
  expect(await service.refresh(tenant, client, successor)).toHaveProperty("refreshToken");
});

test("a retry within the grace window gets the same successor and a working access token", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const first = await service.refresh(tenant, client, refreshToken);
  service.advance(refreshGraceMilliseconds - 1);
  const retry = await service.refresh(tenant, client, refreshToken);
  expect(retry.refreshToken).toBe(first.refreshToken);
  expect(await service.userInfo(tenant, retry.accessToken)).toHaveProperty("sub");
});

test("F2: a replay after the grace window is invalid_grant and revokes the whole family", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const { accessToken, refreshToken: successor } = await service.refresh(tenant, client, refreshToken);
  service.advance(refreshGraceMilliseconds);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.refresh(tenant, client, successor)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.userInfo(tenant, accessToken)).rejects.toEqual(refusal("invalid_token"));
});

test("F2: a token from before the last two revokes the whole family within the grace window too", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const second = (await service.refresh(tenant, client, refreshToken)).refreshToken;
  const third = (await service.refresh(tenant, client, second)).refreshToken;
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.refresh(tenant, client, third)).rejects.toEqual(refusal("invalid_grant"));
});

test("F3: after a restart a replay is invalid_grant all the same, and revokes the family", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const { refreshToken: successor } = await service.refresh(tenant, client, refreshToken);
  service.restart();
  service.advance(refreshGraceMilliseconds);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  await expect(service.refresh(tenant, client, successor)).rejects.toEqual(refusal("invalid_grant"));
});

test("after a restart a retry within the grace window still gets the same successor", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const first = await service.refresh(tenant, client, refreshToken);
  service.restart();
  expect((await service.refresh(tenant, client, refreshToken)).refreshToken).toBe(first.refreshToken);
});

test("F4: another client's refresh is invalid_grant, and leaves the family alone", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const other = service.addClient(tenant);
  await expect(service.refresh(tenant, other, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("F4: another tenant's refresh is invalid_grant, and leaves the family alone", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const other: Tenant = service.addTenant("other");
  await expect(service.refresh(other, service.addClient(other), refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("F5: a wider scope is invalid_scope, and costs the client nothing", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  await expect(service.refresh(tenant, client, refreshToken, "openid profile")).rejects.toEqual(refusal("invalid_scope"));
  service.advance(refreshGraceMilliseconds);
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("a narrower scope narrows that access token, and nothing after it", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  const narrow = await service.refresh(tenant, client, refreshToken, "openid");
  expect(narrow.scope).toBeUndefined();
  expect(decodeJwt(narrow.accessToken).scope).toBe("openid");
  const next = await service.refresh(tenant, client, narrow.refreshToken);
  expect(decodeJwt(next.accessToken).scope).toBe("openid email offline_access");
});

test.each([
  { what: "was blocked", user: { blocked: true, epoch: 2, claims: "{}" } },
  { what: "has another epoch", user: { blocked: false, epoch: 2, claims: "{}" } },
  { what: "was deleted", user: undefined },
])("F6: once the user $what a refresh is invalid_grant, for good", async ({ user }) => {
  const { service, tenant, client, userId, refreshToken } = await withTokens();
  const asBefore = service.answers.users.get(userId);
  service.answers.users.delete(userId);
  if (user !== undefined) service.answers.users.set(userId, user);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
  if (asBefore !== undefined) service.answers.users.set(userId, asBefore);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_grant"));
});

test("F6: once the client was deleted a refresh is invalid_client", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  service.deleteClient(client);
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(refusal("invalid_client"));
});

test("while the auth service cannot be reached a refresh is unavailable and costs the client nothing, however long that lasts", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  service.answers.onCall = answering(new ResourceError("unavailable", "no connection"));
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toEqual(
    expect.objectContaining({ name: "ResourceError", kind: "unavailable" }),
  );
  service.answers.onCall = () => {};
  service.advance(10 * refreshGraceMilliseconds);
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("a token that the family never had is invalid_grant without a question to the auth service, and leaves the family alone", async () => {
  const { service, tenant, client, grantId, refreshToken } = await withTokens();
  const questions: unknown[] = [];
  service.answers.onCall = (options) => void questions.push(options);
  const id = parseGrantId(grantId);
  const forged = id && newRefreshToken(id, randomBytes).token;
  await expect(service.refresh(tenant, client, forged)).rejects.toEqual(refusal("invalid_grant"));
  expect(questions).toEqual([]);
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});

test("F8: an access token is no refresh token", async () => {
  const { service, tenant, client, accessToken } = await withTokens();
  await expect(service.refresh(tenant, client, accessToken)).rejects.toEqual(refusal("invalid_grant"));
});

test("C7: a truncated or extended refresh token is invalid_grant, and leaves the family alone", async () => {
  const { service, tenant, client, refreshToken } = await withTokens();
  for (const changed of [refreshToken.slice(0, -1), `${refreshToken}A`, `${refreshToken}=`, ` ${refreshToken}`]) {
    await expect(service.refresh(tenant, client, changed)).rejects.toEqual(refusal("invalid_grant"));
  }
  expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("refreshToken");
});
