import { randomBytes } from "node:crypto";
import { newGrantId, newSessionPublicId, sidOf } from "@signet/protocol";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { openTokenService, publicUrl, start } from "../testing/token-service.ts";

const sid = newSessionPublicId(randomBytes);

/** A person's ID token of the session, and all that it came from. */
async function withIdToken(draft: Parameters<ReturnType<typeof openTokenService>["addClient"]>[1] = {}) {
  const running = openTokenService();
  const tenant = running.addTenant();
  const client = running.addClient(tenant, draft);
  const userId = running.addUser();
  const { code } = running.addCode(userId, { sid });
  const tokens = await running.redeem(tenant, client, code);
  return { ...running, running, tenant, client, userId, tokens, idToken: tokens.idToken ?? "" };
}

describe("a logout token", () => {
  test.each(["RS256", "ES256", "PS256", "EdDSA", "Ed25519"])(
    "is signed by the algorithm of the client's ID tokens: %s",
    async (alg) => {
      const { running, tenant, client, userId } = await withIdToken({ idTokenSignedResponseAlg: alg });
      const { logoutToken } = await running.tokens.signLogoutToken({ tenant: tenant.name, clientId: client.id, userId, sid });
      expect(decodeProtectedHeader(logoutToken)).toMatchObject({ alg, typ: "logout+jwt" });
      const keys = createLocalJWKSet(await running.jwks(tenant));
      const options = { issuer: publicUrl, audience: client.id, typ: "logout+jwt", currentDate: new Date(start) };
      const { payload } = await jwtVerify(logoutToken, keys, options);
      expect(payload).toEqual({
        iss: publicUrl,
        sub: userId,
        aud: client.id,
        iat: start / 1000,
        exp: start / 1000 + 120,
        jti: expect.stringMatching(/^[\w-]{22}$/),
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
        sid: sidOf(sid, client.id),
      });
    },
  );

  test("has the subject that the client's ID tokens have, where that is pairwise", async () => {
    const { running, tenant, client, userId, idToken } = await withIdToken({ subjectType: "pairwise" });
    const { logoutToken } = await running.tokens.signLogoutToken({ tenant: tenant.name, clientId: client.id, userId, sid });
    expect(decodeJwt(logoutToken).sub).toBe(decodeJwt(idToken).sub);
    expect(decodeJwt(logoutToken).sub).not.toBe(userId);
  });

  test("is another one each time, and none for a client that is not there", async () => {
    const { running, tenant, client, userId } = await withIdToken();
    const request = { tenant: tenant.name, clientId: client.id, userId, sid };
    const [one, other] = [await running.tokens.signLogoutToken(request), await running.tokens.signLogoutToken(request)];
    expect(decodeJwt(one.logoutToken).jti).not.toBe(decodeJwt(other.logoutToken).jti);
    running.deleteClient(client);
    await expect(running.tokens.signLogoutToken(request)).rejects.toThrow("there is no such client");
  });

  test("passes neither for an access token nor for an ID token", async () => {
    const { running, tenant, client, userId } = await withIdToken();
    const { logoutToken } = await running.tokens.signLogoutToken({ tenant: tenant.name, clientId: client.id, userId, sid });
    await expect(running.userInfo(tenant, logoutToken)).rejects.toThrow("the access token is invalid");
    await expect(running.tokens.readIdTokenHint({ tenant: tenant.name, idToken: logoutToken })).rejects.toThrow("id_token_hint");
  });
});

describe("an ID token as a hint", () => {
  test("says whom it was issued to and in which session, also long after it has expired", async () => {
    const { running, tenant, client, idToken } = await withIdToken();
    running.advance(24 * 60 * 60 * 1000);
    const { hint } = await running.tokens.readIdTokenHint({ tenant: tenant.name, idToken });
    expect(hint).toEqual({ clientId: client.id, sid: sidOf(sid, client.id) });
  });

  test("B8: is refused where a character of it was changed, wherever", async () => {
    const { running, tenant, idToken } = await withIdToken();
    const [header = "", payload = "", signature = ""] = idToken.split(".");
    const claims = JSON.stringify({ ...decodeJwt(idToken), sid: newSessionPublicId(randomBytes) });
    const other = `${Buffer.from(claims).toString("base64url")}`;
    for (const wrong of [
      `${header}.${other}.${signature}`,
      `${header}.${payload}.${signature.slice(4)}AAAA`,
      `${header}.${payload}`,
    ]) {
      await expect(running.tokens.readIdTokenHint({ tenant: tenant.name, idToken: wrong })).rejects.toThrow("id_token_hint");
    }
  });

  test("B8: is refused where it is an access token", async () => {
    const { running, tenant, tokens } = await withIdToken();
    const request = { tenant: tenant.name, idToken: tokens.accessToken };
    await expect(running.tokens.readIdTokenHint(request)).rejects.toThrow("id_token_hint");
  });

  test("counts as none where another tenant's key, or one that is kept no more, may have written it", async () => {
    const { running, idToken } = await withIdToken();
    const other = running.addTenant("other");
    expect(await running.tokens.readIdTokenHint({ tenant: other.name, idToken })).toEqual({ hint: undefined });
  });
});

describe("the end of a session", () => {
  test("ends its refresh tokens and access tokens, and leaves those of offline_access", async () => {
    const running = openTokenService();
    const tenant = running.addTenant("default", { refreshTokens: "always" });
    const client = running.addClient(tenant);
    const userId = running.addUser();
    const bound = await running.redeem(tenant, client, running.addCode(userId, { sid, scopes: ["openid"] }).code);
    const lasting = await running.redeem(tenant, client, running.addCode(userId, { sid }).code);
    const elsewhere = await running.redeem(tenant, client, running.addCode(userId, { scopes: ["openid"] }).code);
    await running.tokens.endSession({ tenant: tenant.name, sid });
    await expect(running.refresh(tenant, client, bound.refreshToken)).rejects.toThrow("invalid_grant");
    await expect(running.userInfo(tenant, bound.accessToken)).rejects.toThrow("the access token is invalid");
    for (const tokens of [lasting, elsewhere]) {
      expect((await running.refresh(tenant, client, tokens.refreshToken)).refreshToken).toBeDefined();
    }
  });

  test("T3: of another tenant, or of what is no session, ends nothing", async () => {
    const running = openTokenService();
    const tenant = running.addTenant("default", { refreshTokens: "always" });
    const client = running.addClient(tenant);
    const tokens = await running.redeem(tenant, client, running.addCode(running.addUser(), { sid, scopes: ["openid"] }).code);
    await running.tokens.endSession({ tenant: running.addTenant("other").name, sid });
    await running.tokens.endSession({ tenant: tenant.name, sid: newGrantId(randomBytes, start).slice(1) });
    expect((await running.refresh(tenant, client, tokens.refreshToken)).refreshToken).toBeDefined();
  });
});
