import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { openTokenService } from "../testing/token-service.ts";

async function withTokens(subjectType: string, accessTokenFormat = "jwt") {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { subjectType, accessTokenFormat });
  const userId = service.addUser();
  const grant = { scopes: ["openid", "offline_access"], sid: "00112233445566778899aabbccddeeff" };
  const tokens = await service.redeem(tenant, client, service.addCode(userId, grant).code);
  return { service, tenant, client, userId, sid: grant.sid, tokens };
}

test.each(["jwt", "opaque"])(
  "with access tokens of the format %s every token, reply and logout token has the same pairwise subject",
  async (format) => {
    const { service, tenant, client, userId, sid, tokens } = await withTokens("pairwise", format);
    const refreshed = await service.refresh(tenant, client, tokens.refreshToken);
    const { logoutToken } = await service.tokens.signLogoutToken({ tenant: tenant.name, clientId: client.id, userId, sid });
    const subjects = [tokens.idToken, refreshed.idToken, logoutToken].map((jwt) => decodeJwt(jwt ?? "").sub);
    if (format === "jwt") subjects.push(decodeJwt(tokens.accessToken).sub);
    const replies = [
      await service.userInfo(tenant, tokens.accessToken),
      await service.introspect(tenant, client, tokens.accessToken),
      await service.introspect(tenant, client, refreshed.refreshToken),
    ];
    const told = replies.map((reply) => (typeof reply === "object" && reply !== null && "sub" in reply ? reply.sub : undefined));
    expect([...new Set([...subjects, ...told])]).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)]);
    service.restart();
    expect(await service.userInfo(tenant, tokens.accessToken)).toHaveProperty("sub", subjects[0]);
  },
);

test("a client's own token has the client as its subject, whatever its subject type", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { subjectType: "pairwise", grantTypes: ["authorization_code", "client_credentials"] });
  const { accessToken } = await service.exchange(tenant, client, { grant_type: "client_credentials" });
  expect(decodeJwt(accessToken).sub).toBe(client.id);
});

test("a public subject is the user's id", async () => {
  const { userId, tokens } = await withTokens("public");
  expect(decodeJwt(tokens.idToken ?? "").sub).toBe(userId);
  expect(decodeJwt(tokens.accessToken).sub).toBe(userId);
});
