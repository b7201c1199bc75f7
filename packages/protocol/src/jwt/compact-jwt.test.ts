import fc from "fast-check";
import { expect, test } from "vitest";
import { JwtRefused, parseCompactJwt } from "./compact-jwt.ts";

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (header: unknown, claims: unknown = { sub: "a" }) => `${encoded(header)}.${encoded(claims)}.c2lnbmF0dXJl`;

test("a compact JWT is taken apart, with what of its header counts", () => {
  expect(parseCompactJwt(jwt({ alg: "RS256", kid: "1", typ: "JWT", x5t: "abc" }, { iss: "a", more: [1] }))).toEqual({
    header: { alg: "RS256", kid: "1", typ: "JWT" },
    claims: { iss: "a", more: [1] },
    signingInput: jwt({ alg: "RS256", kid: "1", typ: "JWT", x5t: "abc" }, { iss: "a", more: [1] }).replace(/\.[^.]*$/, ""),
    signature: Buffer.from("signature"),
  });
});

test.each([
  ["A5: a key in the header", { alg: "RS256", jwk: { kty: "RSA" } }],
  ["A5: an address of keys in the header", { alg: "RS256", jku: "https://evil.example/jwks" }],
  ["A5: an address of a certificate in the header", { alg: "RS256", x5u: "https://evil.example/cert" }],
  ["an extension that must be understood", { alg: "RS256", crit: ["exp"], exp: 1 }],
  ["an empty list of such extensions", { alg: "RS256", crit: [] }],
  ["a payload that is not encoded", { alg: "RS256", b64: false }],
  ["a header that is no object", ["RS256"]],
  ["no algorithm", { kid: "1" }],
  ["an algorithm that is no text", { alg: 256 }],
  ["a key id that is no text", { alg: "RS256", kid: 1 }],
])("%s is refused", (_what, header) => {
  expect(() => parseCompactJwt(jwt(header))).toThrow(JwtRefused);
});

test.each(["", "a", "a.b", "..", "e30.e30.", ".e30.e30", "e30.e30.c2ln.e30", "e30=.e30.c2ln", "a b.e30.c2ln", "e30.e30.c2lo"])(
  "%j is no compact JWT",
  (text) => {
    expect(() => parseCompactJwt(text)).toThrow(JwtRefused);
  },
);

test.each([[["a"]], ["text"], [null], [1]])("a payload that is %j is refused", (claims) => {
  expect(() => parseCompactJwt(jwt({ alg: "RS256" }, claims))).toThrow(JwtRefused);
});

test("what is not UTF-8 is refused, and what is too long", () => {
  const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64url");
  expect(() => parseCompactJwt(`${encoded({ alg: "RS256" })}.${bytes}.c2ln`)).toThrow(JwtRefused);
  expect(() => parseCompactJwt(jwt({ alg: "RS256" }, { long: "x".repeat(16 * 1024) }))).toThrow(JwtRefused);
});

test("C7: whatever the text is, and however a valid one is changed, nothing but JwtRefused is thrown, and no claim comes from nowhere", () => {
  const valid = jwt({ alg: "RS256" }, { sub: "a" });
  const changed = fc
    .tuple(fc.nat(valid.length), fc.nat(3), fc.string({ unit: "binary", maxLength: 3 }))
    .map(([at, removed, inserted]) => valid.slice(0, at) + inserted + valid.slice(at + removed));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), changed), (text) => {
      try {
        const { signingInput, signature } = parseCompactJwt(text);
        expect(`${signingInput}.${signature.toString("base64url")}`).toBe(text);
      } catch (error) {
        if (!(error instanceof JwtRefused)) throw error;
      }
    }),
  );
});
