import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ClientId, SessionPublicId, UserId } from "../ids.ts";
import { instant } from "../instant.ts";
import { sidOf } from "../logout/session-id.ts";
import { defaultTenantName, issuerOf } from "../tenant/tenant.ts";
import { accessTokenHash, type IdTokenClaimsInput, idTokenClaims } from "./id-token-claims.ts";

/** OpenID Connect Core appendix A.4. */
const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

const input: IdTokenClaimsInput = {
  issuer: issuerOf("https://id.example", defaultTenantName),
  subject: "0123456789abcdef0123456789abcdef" as UserId,
  clientId: "00112233445566778899aabb" as ClientId,
  issuedAt: instant(1_800_000_000_999),
  expiresAt: instant(1_800_003_600_999),
  authTime: instant(1_799_999_999_500),
  nonce: "n-0S6_WzA2Mj",
  accessToken,
  algorithm: "RS256",
  sessionPublicId: "00000000000000000000000000000001" as SessionPublicId,
  amr: ["pwd"],
  acr: undefined,
  profile: {},
};

test.each(["RS256", "PS256", "ES256"] as const)(
  "at_hash with %s is the example of OpenID Connect Core appendix A.4",
  (algorithm) => {
    expect(accessTokenHash(accessToken, algorithm)).toBe("77QmUPtjPfzWtF2AnpK9RQ");
  },
);

test.each(["EdDSA", "Ed25519"] as const)("at_hash with %s is the left half of SHA-512", (algorithm) => {
  const half = createHash("sha512").update(accessToken).digest().subarray(0, 32);
  expect(accessTokenHash(accessToken, algorithm)).toBe(half.toString("base64url"));
});

test("an ID token has the claims of OpenID Connect Core section 2, in whole seconds", () => {
  expect(idTokenClaims(input)).toEqual({
    iss: "https://id.example",
    sub: "0123456789abcdef0123456789abcdef",
    aud: "00112233445566778899aabb",
    exp: 1_800_003_600,
    iat: 1_800_000_000,
    auth_time: 1_799_999_999,
    nonce: "n-0S6_WzA2Mj",
    at_hash: "77QmUPtjPfzWtF2AnpK9RQ",
    sid: sidOf(input.sessionPublicId, input.clientId),
    amr: ["pwd"],
  });
});

test("without a nonce in the request there is none in the ID token", () => {
  expect(idTokenClaims({ ...input, nonce: undefined })).not.toHaveProperty("nonce");
});

test("an ID token has acr and the claims of the user that were asked for, none of which takes the place of its own", () => {
  const profile = { email: "ann@app.example", sub: "somebody else", exp: 0 };
  const claims = idTokenClaims({ ...input, acr: "a class", profile });
  expect(claims).toEqual({ ...idTokenClaims(input), acr: "a class", email: "ann@app.example" });
});
