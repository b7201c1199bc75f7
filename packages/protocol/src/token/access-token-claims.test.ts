import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import type { ClientId, GrantId, UserId } from "../ids.ts";
import { instant } from "../instant.ts";
import { defaultTenantName, issuerOf, type TenantName } from "../tenant/tenant.ts";
import { type AccessToken, accessTokenClaims, readAccessTokenClaims } from "./access-token-claims.ts";

const issuer = issuerOf("https://id.example", "acme" as TenantName);
const clientId = "00112233445566778899aabb" as ClientId;
const userId = "0123456789abcdef0123456789abcdef" as UserId;
const grantId = "fedcba9876543210fedcba9876543210" as GrantId;
const issuedAt = instant(1_800_000_000_000);
const expiresAt = instant(1_800_003_600_000);

const ofUser: AccessToken = { clientId, scopes: ["openid", "email"], grantId, issuedAt, expiresAt };
const ofClient: AccessToken = { clientId, scopes: [], issuedAt, expiresAt };
const claimsOfUser = accessTokenClaims({
  issuer,
  token: ofUser,
  subject: userId,
  jti: "j",
  authTime: instant(1_799_999_999_000),
});

test("a user's token has the claims of RFC 9068 section 2.2, and its grant", () => {
  expect(claimsOfUser).toEqual({
    iss: "https://id.example/acme",
    sub: userId,
    aud: "https://id.example/acme",
    client_id: clientId,
    iat: 1_800_000_000,
    exp: 1_800_003_600,
    jti: "j",
    scope: "openid email",
    auth_time: 1_799_999_999,
    gid: grantId,
  });
});

test("a client's own token has the client as its subject, and neither scope, auth_time nor grant", () => {
  const claims = accessTokenClaims({ issuer, token: ofClient, subject: undefined, jti: "j", authTime: undefined });
  expect(claims).toEqual({
    iss: issuer,
    sub: clientId,
    aud: issuer,
    client_id: clientId,
    iat: 1_800_000_000,
    exp: 1_800_003_600,
    jti: "j",
  });
});

describe("readAccessTokenClaims", () => {
  const read = (claims: unknown, now = issuedAt) => readAccessTokenClaims(claims, issuer, now);
  const refused = expect.objectContaining({ name: "OAuthError", code: "invalid_token" });

  test.each([ofUser, ofClient])("reads what accessTokenClaims wrote", (token) => {
    expect(read(accessTokenClaims({ issuer, token, subject: userId, jti: "j", authTime: undefined }))).toEqual({
      ...token,
      id: "j",
    });
  });

  test("a token is valid until the second it expires in", () => {
    expect(read(claimsOfUser, instant(expiresAt - 1))).toEqual({ ...ofUser, id: "j" });
    expect(() => read(claimsOfUser, expiresAt)).toThrow(refused);
  });

  test("T2: another tenant's token is invalid_token", () => {
    const other = issuerOf("https://id.example", defaultTenantName);
    expect(() => readAccessTokenClaims(claimsOfUser, other, issuedAt)).toThrow(refused);
  });

  test.each([
    { iss: "https://id.example" },
    { aud: "https://api.example" },
    { aud: [issuer] },
    { sub: 1 },
    { gid: "1" },
    { client_id: "app" },
    { exp: "1800003600" },
    { iat: null },
    { jti: 1 },
    { scope: ["openid"] },
  ])("claims with %o are invalid_token", (change) => {
    expect(() => read({ ...claimsOfUser, ...change })).toThrow(refused);
  });

  test("anything else is invalid_token, and nothing else is ever thrown", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.object().map((extra) => ({ ...claimsOfUser, iss: undefined, ...extra })),
        ),
        (claims) => {
          try {
            read(claims);
          } catch (error) {
            if (error instanceof OAuthError && error.code === "invalid_token") return;
            throw error;
          }
          expect.unreachable("accepted");
        },
      ),
    );
  });
});
