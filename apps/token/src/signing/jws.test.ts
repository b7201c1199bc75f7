import { type SigningAlgorithm, signingAlgorithms } from "@signet/protocol";
import fc from "fast-check";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { claimsOf, isSignedWith, parseJws, signJws } from "./jws.ts";
import { type JwsType, newSigningKey, publishedKey, type SigningKey } from "./signing-key.ts";

const claims = { sub: "ada", name: "Ada Løvelace", exp: 4_102_444_800 };

const keys: Readonly<Record<SigningAlgorithm, SigningKey>> = {
  RS256: await newSigningKey("RS256"),
  ES256: await newSigningKey("ES256"),
  PS256: await newSigningKey("PS256"),
  EdDSA: await newSigningKey("EdDSA"),
  Ed25519: await newSigningKey("Ed25519"),
};

function isAccepted(token: string, type: JwsType, key: SigningKey): boolean {
  const jws = parseJws(token);
  return jws !== undefined && isSignedWith(jws, type, key);
}

describe.each(signingAlgorithms)("%s", (algorithm) => {
  const key = keys[algorithm];

  test("what is signed here is verified by an independent library with the published key", async () => {
    const token = await signJws("at+jwt", claims, key);
    const jwks = createLocalJWKSet({ keys: [key.jwk] });
    const { payload, protectedHeader } = await jwtVerify(token, jwks, { algorithms: [algorithm], typ: "at+jwt" });
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "at+jwt", kid: key.jwk.kid });
  });

  test("what is signed here is accepted here, with the key as it was published, and its claims are read back", async () => {
    const jws = parseJws(await signJws("JWT", claims, key));
    expect(jws).toBeDefined();
    if (jws === undefined) return;
    expect(isSignedWith(jws, "JWT", publishedKey(key.jwk))).toBe(true);
    expect(claimsOf(jws)).toEqual(claims);
  });

  test("F8: a token of one type is not accepted as the other", async () => {
    expect(isAccepted(await signJws("JWT", claims, key), "at+jwt", key)).toBe(false);
    expect(isAccepted(await signJws("at+jwt", claims, key), "JWT", key)).toBe(false);
  });

  test("a token is not accepted with another key of the same algorithm", async () => {
    expect(isAccepted(await signJws("JWT", claims, key), "JWT", await newSigningKey(algorithm))).toBe(false);
  });

  test("C7: any mutation of a valid token is refused, and nothing is ever thrown", async () => {
    const token = await signJws("at+jwt", claims, key);
    const mutation = fc.record({
      at: fc.nat(token.length),
      removed: fc.nat(3),
      inserted: fc.oneof(
        fc.string({ unit: "binary", maxLength: 3 }),
        fc.constantFrom("", "A", "=", ".", "+", "/", "-", "_", " ", "\n", "\u0141"),
      ),
    });
    fc.assert(
      fc.property(mutation, ({ at, removed, inserted }) => {
        const mutated = token.slice(0, at) + inserted + token.slice(at + removed);
        fc.pre(mutated !== token);
        expect(isAccepted(mutated, "at+jwt", key)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("C7: the last character of the signature has one way to be written", async () => {
    const token = await signJws("at+jwt", claims, key);
    const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].filter(
      (last) => last !== token.at(-1),
    );
    expect(others.filter((last) => isAccepted(token.slice(0, -1) + last, "at+jwt", key))).toEqual([]);
  });

  test("C7: a character outside ASCII does not pass for the one that shares its low byte", async () => {
    const token = await signJws("at+jwt", claims, key);
    const widened = Array.from(token, (character, at) =>
      character === "." ? token : token.slice(0, at) + String.fromCharCode(0x100 + character.charCodeAt(0)) + token.slice(at + 1),
    ).filter((mutated) => mutated !== token);
    expect(widened.filter((mutated) => isAccepted(mutated, "at+jwt", key))).toEqual([]);
  });
});

test("nothing but a compact JWS is parsed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (value) => {
      fc.pre(value.split(".").length !== 3);
      expect(parseJws(value)).toBeUndefined();
    }),
  );
});

test.each(["", ".", "..", "a.b", "a.b.", ".b.c2ln", "a..c2ln", "a.b.c2ln.x", "a.b.c2ln=", "a.b.c2 ln", "a.b.c2lo+"])(
  "%s is no compact JWS",
  (value) => {
    expect(parseJws(value)).toBeUndefined();
  },
);

test.each(["none", "nOnE", "HS256", "RS256"])("a header that names the algorithm %s is refused", async (alg) => {
  const key = keys.ES256;
  const [, payload, signature] = (await signJws("at+jwt", claims, key)).split(".");
  const header = Buffer.from(JSON.stringify({ alg, typ: "at+jwt", kid: key.jwk.kid })).toString("base64url");
  expect(isAccepted(`${header}.${payload}.${signature}`, "at+jwt", key)).toBe(false);
  expect(isAccepted(`${header}.${payload}.`, "at+jwt", key)).toBe(false);
});
