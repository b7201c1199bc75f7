import { randomBytes } from "node:crypto";
import { type Client, type ClientMetadataDraft, newSecret, type Tenant, type TenantSettings } from "@signet/protocol";
import fc from "fast-check";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { authenticationOf, openTokenService, publicUrl, sent, start } from "../testing/token-service.ts";

const inactive = { active: false };
const refusal = (code: string) => expect.objectContaining({ name: "OAuthError", code });
const issuedAt = Math.floor(start / 1000);
type Service = ReturnType<typeof openTokenService>;

async function withTokens(
  accessTokenFormat: string,
  scopes = ["openid", "email", "offline_access"],
  settings: Partial<TenantSettings> = {},
) {
  const service = openTokenService();
  const tenant = service.addTenant(undefined, settings);
  const client = service.addClient(tenant, { accessTokenFormat });
  const userId = service.addUser();
  const { code, grantId } = service.addCode(userId, { scopes });
  const tokens = await service.redeem(tenant, client, code);
  return { service, tenant, client, userId, grantId, ...tokens };
}

describe.each(["jwt", "opaque"])("an access token of the format %s", (accessTokenFormat) => {
  test("is described to its own client and to a resource server of the tenant as it would be as a JWT", async () => {
    const { service, tenant, client, userId, accessToken } = await withTokens(accessTokenFormat);
    const resourceServer = service.addClient(tenant, { isResourceServer: true });
    for (const asking of [client, resourceServer]) {
      expect(await service.introspect(tenant, asking, accessToken)).toEqual({
        active: true,
        iss: publicUrl,
        sub: userId,
        aud: publicUrl,
        client_id: client.id,
        scope: "openid email offline_access",
        iat: issuedAt,
        exp: issuedAt + 3600,
        auth_time: issuedAt - 60,
        token_type: "Bearer",
        ...(accessTokenFormat === "jwt" && { jti: expect.any(String) }),
      });
    }
  });

  test("of a client's own has the client as its subject, and no time of a sign-in", async () => {
    const service = openTokenService();
    const tenant = service.addTenant();
    const client = service.addClient(tenant, { accessTokenFormat, grantTypes: ["client_credentials"] });
    const { accessToken } = await service.exchange(tenant, client, { grant_type: "client_credentials" });
    const reply = await service.introspect(tenant, client, accessToken);
    expect(reply).toMatchObject({ active: true, sub: client.id, client_id: client.id });
    expect(reply).not.toHaveProperty("auth_time");
    service.deleteClient(client);
    expect(await service.introspect(tenant, service.addClient(tenant, { isResourceServer: true }), accessToken)).toEqual(
      inactive,
    );
  });

  test("is inactive to another client of the tenant", async () => {
    const { service, tenant, accessToken } = await withTokens(accessTokenFormat);
    expect(await service.introspect(tenant, service.addClient(tenant), accessToken)).toEqual(inactive);
  });

  test("T2: is inactive to a resource server of another tenant", async () => {
    const { service, accessToken } = await withTokens(accessTokenFormat);
    const other = service.addTenant("other");
    expect(await service.introspect(other, service.addClient(other, { isResourceServer: true }), accessToken)).toEqual(inactive);
  });

  test("is active until it expires", async () => {
    const { service, tenant, client, accessToken } = await withTokens(accessTokenFormat);
    service.advance(3_600_000 - 1);
    expect(await service.introspect(tenant, client, accessToken)).toHaveProperty("active", true);
    service.advance(1);
    expect(await service.introspect(tenant, client, accessToken)).toEqual(inactive);
  });

  test("C7: is inactive where anything of it was changed, and nothing is ever thrown", async () => {
    const { service, tenant, client, accessToken } = await withTokens(accessTokenFormat);
    const mutation = fc.record({ at: fc.nat(accessToken.length), removed: fc.nat(3), inserted: fc.string({ maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, removed, inserted }) => {
        const mutated = accessToken.slice(0, at) + inserted + accessToken.slice(at + removed);
        fc.pre(mutated !== accessToken && mutated !== "");
        expect(await service.introspect(tenant, client, mutated)).toEqual(inactive);
      }),
    );
  });
});

describe("a refresh token", () => {
  test("is described to its own client, as no token that a resource accepts", async () => {
    const { service, tenant, client, userId, refreshToken } = await withTokens("jwt");
    service.advance(5000);
    const refreshed = await service.refresh(tenant, client, refreshToken);
    const reply = { active: true, iss: publicUrl, sub: userId, client_id: client.id, scope: "openid email offline_access" };
    expect(await service.introspect(tenant, client, refreshed.refreshToken)).toEqual({
      ...reply,
      iat: issuedAt + 5,
      exp: issuedAt + 5 + 30 * 86_400,
      auth_time: issuedAt - 60,
    });
  });

  test("is inactive once it was used", async () => {
    const { service, tenant, client, refreshToken } = await withTokens("jwt");
    await service.refresh(tenant, client, refreshToken);
    expect(await service.introspect(tenant, client, refreshToken)).toEqual(inactive);
  });

  test("is inactive to everybody else, also to a resource server, which could take it for an access token", async () => {
    const { service, tenant, refreshToken } = await withTokens("jwt");
    for (const draft of [{}, { isResourceServer: true }]) {
      expect(await service.introspect(tenant, service.addClient(tenant, draft), refreshToken)).toEqual(inactive);
    }
  });

  test("is inactive once it has expired, also where the access tokens of its grant live on", async () => {
    const { service, tenant, client, refreshToken } = await withTokens("jwt", undefined, { refreshTimeout: 60_000 });
    service.advance(60_000 - 1);
    expect(await service.introspect(tenant, client, refreshToken)).toHaveProperty("active", true);
    service.advance(1);
    expect(await service.introspect(tenant, client, refreshToken)).toEqual(inactive);
  });
});

interface Ending {
  readonly what: string;
  readonly isClientGone?: boolean;
  end(
    service: Service,
    of: { readonly tenant: Tenant; readonly client: Client; readonly userId: string; grantId: string },
  ): unknown;
}

const endings: readonly Ending[] = [
  {
    what: "K5: once the user was blocked",
    end: ({ answers }, { userId }) => answers.users.set(userId, { blocked: true, epoch: 1, claims: "{}" }),
  },
  {
    what: "once the password or the roles changed",
    end: ({ answers }, { userId }) => answers.users.set(userId, { blocked: false, epoch: 2, claims: "{}" }),
  },
  { what: "F6: once the user was deleted", end: ({ answers }, { userId }) => answers.users.delete(userId) },
  {
    what: "once the grant was revoked",
    end: ({ tokens }, { tenant, grantId }) => tokens.revokeGrant({ tenant: tenant.name, grantId }),
  },
  { what: "F6: once the client was deleted", isClientGone: true, end: (service, { client }) => service.deleteClient(client) },
];

test.each(endings)("$what, nothing of the grant is active", async ({ end, isClientGone = false }) => {
  for (const format of ["jwt", "opaque"]) {
    const { service, tenant, client, accessToken, refreshToken, ...more } = await withTokens(format);
    const resourceServer = service.addClient(tenant, { isResourceServer: true });
    expect(await service.introspect(tenant, resourceServer, accessToken)).toHaveProperty("active", true);
    await end(service, { tenant, client, ...more });
    expect(await service.introspect(tenant, resourceServer, accessToken)).toEqual(inactive);
    const own = await service.introspect(tenant, client, refreshToken).catch((error: unknown) => error);
    expect(own).toEqual(isClientGone ? refusal("invalid_client") : inactive);
  }
});

test("F8: an ID token is inactive", async () => {
  const { service, tenant, client, idToken } = await withTokens("jwt");
  expect(await service.introspect(tenant, client, idToken)).toEqual(inactive);
});

test.each(["x", "a.b.c", newSecret(randomBytes), "A".repeat(64), "e30.e30.c2ln"])("%s is inactive", async (presented) => {
  const service = openTokenService();
  const tenant = service.addTenant();
  expect(await service.introspect(tenant, service.addClient(tenant), presented)).toEqual(inactive);
});

test("a request without a token, or with one of an unheard-of length, is invalid_request", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  for (const presented of ["", "x".repeat(16 * 1024 + 1)]) {
    await expect(service.introspect(tenant, client, presented)).rejects.toEqual(refusal("invalid_request"));
  }
});

test("K9: a public client, and whoever does not authenticate, is invalid_client, also about its own token", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant, { tokenEndpointAuthMethod: "none" });
  const { accessToken } = await service.redeem(tenant, client, service.addCode(service.addUser()).code);
  await expect(service.introspect(tenant, client, accessToken)).rejects.toEqual(refusal("invalid_client"));
  const parameters = sent({ token: accessToken });
  for (const authentication of [undefined, { ...authenticationOf(service.addClient(tenant)), clientSecret: "wrong" }]) {
    const asked = service.tokens.introspect({ tenant: tenant.name, parameters, authentication });
    await expect(asked).rejects.toEqual(refusal("invalid_client"));
  }
});

describe("a reply as a JWT (RFC 9701)", () => {
  async function signed(draft: ClientMetadataDraft, presented?: string) {
    const { service, tenant, accessToken } = await withTokens("opaque");
    const client = service.addClient(tenant, { isResourceServer: true, ...draft });
    const { reply } = await service.tokens.introspect({
      tenant: tenant.name,
      parameters: sent({ token: presented ?? accessToken }),
      authentication: authenticationOf(client),
      asJwt: true,
    });
    if (reply?.$case !== "jwt") throw new Error("the reply is no JWT");
    const verified = await jwtVerify(reply.value, createLocalJWKSet(await service.jwks(tenant)));
    return { service, tenant, client, jwt: reply.value, ...verified };
  }

  test("is for the client that asked, signed with its algorithm, and says of the token what the JSON says", async () => {
    for (const alg of ["ES256", "EdDSA"]) {
      const { client, payload, protectedHeader } = await signed({ introspectionSignedResponseAlg: alg });
      expect(protectedHeader).toMatchObject({ alg, typ: "token-introspection+jwt" });
      expect(payload).toEqual({
        iss: publicUrl,
        aud: client.id,
        iat: issuedAt,
        token_introspection: expect.objectContaining({ active: true, token_type: "Bearer", exp: issuedAt + 3600 }),
      });
    }
  });

  test("is signed with RS256 unless the client says otherwise, and says no more of an inactive token than that", async () => {
    const { payload, protectedHeader } = await signed({}, "x");
    expect(protectedHeader.alg).toBe("RS256");
    expect(payload.token_introspection).toEqual(inactive);
  });

  test("F8: is no access token", async () => {
    const { service, tenant, client, jwt } = await signed({});
    await expect(service.userInfo(tenant, jwt)).rejects.toEqual(refusal("invalid_token"));
    expect(await service.introspect(tenant, client, jwt)).toEqual(inactive);
  });
});
