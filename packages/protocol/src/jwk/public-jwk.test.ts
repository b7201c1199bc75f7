import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { jwkThumbprint, parsePublicJwk, publicJwkOf } from "./public-jwk.ts";

const pairs = {
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
  Ed25519: generateKeyPairSync("ed25519"),
} as const;
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

describe.each(Object.keys(pairs) as (keyof typeof pairs)[])("%s", (algorithm) => {
  const { privateKey, publicKey } = pairs[algorithm];

  test("K1: the public key of a private one has none of its private members", () => {
    const jwk = publicJwkOf(privateKey.export({ format: "jwk" }), algorithm);
    for (const member of privateMembers) expect(jwk).not.toHaveProperty(member);
    expect(jwk).toEqual(publicJwkOf(publicKey.export({ format: "jwk" }), algorithm));
  });

  test("K1: private members in a stored public key are left behind", () => {
    const jwk = publicJwkOf(publicKey.export({ format: "jwk" }), algorithm);
    expect(parsePublicJwk(JSON.stringify({ ...privateKey.export({ format: "jwk" }), ...jwk }))).toEqual(jwk);
  });
});

test("a key of another kind is refused", () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" });
  expect(() => publicJwkOf(p384, "ES256")).toThrow();
  expect(() => publicJwkOf({ kty: "oct", k: "c2VjcmV0" }, "RS256")).toThrow();
});

test("the thumbprint of an RSA key is the example of RFC 7638 section 3.1", () => {
  const n =
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
  expect(jwkThumbprint({ kty: "RSA", n, e: "AQAB" })).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
});

test("the thumbprint of an Ed25519 key is the example of RFC 8037 appendix A.3", () => {
  const key = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } as const;
  expect(jwkThumbprint(key)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});
