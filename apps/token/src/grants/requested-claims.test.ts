import { passwordAcr } from "@signet/protocol";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { openTokenService } from "../testing/token-service.ts";

const scopes = ["openid", "offline_access"];
const badge = { name: "badge", description: "Your badge", fields: ["badge_number"] };

async function withTokens(idToken: readonly string[], idTokenClaims = "") {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { scopes: [badge] });
  const userId = service.addUser({ email: "ada@example.com", badge_number: 7 });
  const requestedClaims = { userinfo: [], idToken: [...idToken] };
  const { code } = service.addCode(userId, { scopes, requestedClaims, idTokenClaims });
  const tokens = await service.redeem(tenant, client, code);
  return { service, tenant, client, userId, refreshToken: tokens.refreshToken, claims: decodeJwt(tokens.idToken ?? "") };
}

test("the ID token says how the user signed in only where that was asked for", async () => {
  expect((await withTokens([])).claims).not.toHaveProperty("acr");
  expect((await withTokens(["acr"])).claims.acr).toBe(passwordAcr);
});

test("the ID token has the claims of the user that were asked for by name", async () => {
  const { claims, userId } = await withTokens(["email"], '{"email":"ada@example.com"}');
  expect(claims).toMatchObject({ sub: userId, email: "ada@example.com" });
});

test("the ID token of a refresh has them too, as they are by then, as long as they are open to the client", async () => {
  const { service, tenant, client, userId, refreshToken } = await withTokens(["acr", "email", "badge_number"]);
  const first = await service.refresh(tenant, client, refreshToken);
  expect(decodeJwt(first.idToken ?? "")).toMatchObject({ acr: passwordAcr, email: "ada@example.com", badge_number: 7 });
  service.answers.users.set(userId, { blocked: false, epoch: 1, claims: '{"email":"countess@example.com","badge_number":7}' });
  service.redefineScopes(client, []);
  const second = decodeJwt((await service.refresh(tenant, client, first.refreshToken)).idToken ?? "");
  expect(second).toMatchObject({ sub: userId, acr: passwordAcr, email: "countess@example.com" });
  expect(second).not.toHaveProperty("badge_number");
});

test("a user who was blocked gets no ID token with claims: the refresh is refused", async () => {
  const { service, tenant, client, userId, refreshToken } = await withTokens(["email"]);
  service.answers.users.set(userId, { blocked: true, epoch: 1, claims: "{}" });
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toMatchObject({ code: "invalid_grant" });
});
