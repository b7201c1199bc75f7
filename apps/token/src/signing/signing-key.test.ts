import { sign } from "node:crypto";
import { expect, test } from "vitest";
import { signJws } from "./jws.ts";
import { newSigningKey } from "./signing-key.ts";

const lengthOf = (member: string | undefined) => Buffer.from(member ?? "", "base64url").length;

test.each(["RS256", "PS256"] as const)("a key for %s has 2048 bits, and the usual exponent", async (algorithm) => {
  const { jwk, privateKey, publicKey } = await newSigningKey(algorithm);
  expect(privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65_537n });
  expect(jwk).toMatchObject({ kty: "RSA", e: "AQAB" });
  expect(lengthOf(publicKey.export({ format: "jwk" }).n)).toBe(256);
});

test("a key for ES256 is on P-256, its coordinates have all of their 32 bytes, and a signature is the two numbers after each other", async () => {
  const key = await newSigningKey("ES256");
  expect(key.jwk).toMatchObject({ kty: "EC", crv: "P-256" });
  const { x, y } = key.publicKey.export({ format: "jwk" });
  expect([lengthOf(x), lengthOf(y)]).toEqual([32, 32]);
  expect(lengthOf((await signJws("JWT", {}, key)).split(".")[2])).toBe(64);
});

test.each(["EdDSA", "Ed25519"] as const)("a key for %s is on Ed25519", async (algorithm) => {
  const { jwk, privateKey } = await newSigningKey(algorithm);
  expect(jwk).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: algorithm });
  expect(sign(null, Buffer.from("x"), privateKey)).toHaveLength(64);
});

test("no two keys are the same", async () => {
  const kids = await Promise.all(Array.from({ length: 20 }, async () => (await newSigningKey("ES256")).jwk.kid));
  expect(new Set(kids).size).toBe(20);
});
