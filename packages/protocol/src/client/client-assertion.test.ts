import { describe, expect, test } from "vitest";
import { instant } from "../instant.ts";
import { JwtRefused } from "../jwt/compact-jwt.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { assertionAlgorithms, checkAssertionClaims } from "./client-assertion.ts";

const now = instant(1_800_000_000_000);
const seconds = 1_800_000_000;
const issuer = "https://id.example/acme";
const expected = { clientId: "app", audiences: [issuer, `${issuer}/oauth2/v1/token`], now };
const rightly = { iss: "app", sub: "app", aud: issuer, exp: seconds + 60, iat: seconds, jti: "1" };

function check(changes: Readonly<Record<string, unknown>>, typ?: string) {
  const claims = Object.fromEntries(Object.entries({ ...rightly, ...changes }).filter(([, value]) => value !== undefined));
  const header = { alg: "RS256", ...(typ === undefined ? {} : { typ }) };
  return checkAssertionClaims({ header, claims, signingInput: "", signature: Buffer.alloc(0) }, expected);
}

describe("checkAssertionClaims", () => {
  test("gives the use that an assertion is good for, from when it was made until it expires", () => {
    expect(check({})).toEqual({ jti: "1", usableFrom: now, usableUntil: now + 60_000 });
  });

  test("takes an assertion without iat for as old as it can be", () => {
    expect(check({ iat: undefined }).usableFrom).toBe(now + 60_000 - 11 * 60_000);
    expect(check({ iat: undefined, nbf: seconds - 30 }).usableFrom).toBe(now - 30_000);
  });

  test("reckons fractions of a millisecond for as long as the assertion may be used", () => {
    const { usableFrom, usableUntil } = check({ exp: seconds + 60.12345678, iat: seconds - 0.00012345 });
    expect([usableFrom, usableUntil]).toEqual([now - 1, now + 60_124]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["the token endpoint as its audience", { aud: `${issuer}/oauth2/v1/token` }],
    ["several audiences, this one among them", { aud: ["https://other.example", issuer] }],
    ["an exp at ten minutes", { exp: seconds + 600 }],
    ["an exp at ten minutes by a clock that is a minute ahead", { exp: seconds + 660, iat: seconds + 60 }],
    ["an exp in a moment", { exp: seconds + 0.001 }],
    ["nbf and iat a minute ahead", { nbf: seconds + 60, iat: seconds + 60 }],
  ])("accepts %s", (_what, changes) => {
    expect(() => check(changes)).not.toThrow();
  });

  test.each<[string, Record<string, unknown>]>([
    ["A7: another tenant's issuer", { aud: "https://id.example/other" }],
    ["A7: the issuer with a slash", { aud: `${issuer}/` }],
    ["A7: no audience", { aud: undefined }],
    ["A7: an empty list of audiences", { aud: [] }],
    ["A7: an audience that is an object", { aud: { [issuer]: true } }],
    ["A8: no exp", { exp: undefined }],
    ["A8: an exp that is text", { exp: String(seconds + 60) }],
    ["A8: an exp in an hour", { exp: seconds + 3600 }],
    ["A8: an exp a second beyond what is allowed", { exp: seconds + 661 }],
    ["A8: an endless exp", { exp: 1e300 }],
    ["A8: an exp that has come", { exp: seconds }],
    ["A9: another iss", { iss: "other" }],
    ["A9: another sub", { sub: "other" }],
    ["A9: both another's", { iss: "other", sub: "other" }],
    ["A9: no iss", { iss: undefined }],
    ["no jti", { jti: undefined }],
    ["an empty jti", { jti: "" }],
    ["a jti that is a number", { jti: 1 }],
    ["a jti that is too long", { jti: "x".repeat(257) }],
    ["an nbf beyond a minute ahead", { nbf: seconds + 61 }],
    ["an iat beyond a minute ahead", { iat: seconds + 61 }],
    ["an iat that is text", { iat: "now" }],
  ])("refuses %s", (_what, changes) => {
    expect(() => check(changes)).toThrow(JwtRefused);
  });

  test("accepts the types of a JWT and of a client's authentication, and no other", () => {
    expect(() => check({}, "JWT")).not.toThrow();
    expect(() => check({}, "client-authentication+jwt")).not.toThrow();
    expect(() => check({}, "at+jwt")).toThrow(JwtRefused);
    expect(() => check({}, "oauth-authz-req+jwt")).toThrow(JwtRefused);
  });
});

describe("assertionAlgorithms", () => {
  const jwksUri = "https://app.example/jwks";

  test("are those of the client's method", () => {
    expect(assertionAlgorithms(exampleClient({ tokenEndpointAuthMethod: "client_secret_jwt" }).metadata)).toEqual([
      "HS256",
      "HS384",
      "HS512",
    ]);
    const signing = assertionAlgorithms(exampleClient({ tokenEndpointAuthMethod: "private_key_jwt", jwksUri }).metadata);
    expect(signing).toContain("RS256");
    expect(signing.filter((algorithm) => algorithm.startsWith("HS"))).toEqual([]);
    expect(assertionAlgorithms(exampleClient().metadata)).toEqual([]);
  });

  test("are the one that the client is registered for", () => {
    const { metadata } = exampleClient({
      tokenEndpointAuthMethod: "private_key_jwt",
      jwksUri,
      tokenEndpointAuthSigningAlg: "ES256",
    });
    expect(assertionAlgorithms(metadata)).toEqual(["ES256"]);
  });
});
