import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { issuerOf, parseTenantName } from "../tenant/tenant.ts";
import { mayBeOfFormerKey, readIdTokenHint } from "./id-token-hint-claims.ts";

const name = parseTenantName("northwind");
if (name === undefined) throw new Error("the name was meant to be valid");
const issuer = issuerOf("https://id.example", name);
const claims = { iss: issuer, sub: "x", aud: "c".repeat(24), sid: "a".repeat(32), exp: 1, iat: 1 };

describe("the claims of a hint", () => {
  test("an ID token that expired long ago is a hint", () => {
    expect(readIdTokenHint(claims, issuer)).toStrictEqual({ clientId: claims.aud, sid: claims.sid });
  });

  test.each([
    ["of another issuer", { ...claims, iss: "https://id.example" }],
    ["for several", { ...claims, aud: [claims.aud] }],
    ["for somebody who is no client", { ...claims, aud: "https://api.example" }],
    ["without a session", { ...claims, sid: undefined }],
    ["that are none", null],
  ])("B8: claims %s are refused", (_, wrong) => {
    expect(() => readIdTokenHint(wrong, issuer)).toThrow("id_token_hint must be an ID token of this issuer");
  });
});

describe("a header that no present key writes", () => {
  const present = new Set(["k1"]);
  const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString("base64url");

  test("may be of a former key where it is of the form that keys write", () => {
    expect(mayBeOfFormerKey(encoded({ alg: "RS256", typ: "JWT", kid: "k0" }), present)).toBe(true);
  });

  test.each([
    ["of a present key", { alg: "RS256", typ: "JWT", kid: "k1" }],
    ["without a key", { alg: "RS256", typ: "JWT" }],
    ["without a signature", { alg: "none", typ: "JWT", kid: "k0" }],
    ["of another type", { alg: "RS256", typ: "at+jwt", kid: "k0" }],
    ["with a key of its own", { alg: "RS256", typ: "JWT", kid: "k0", jwk: {} }],
    ["that is none", "header"],
  ])("B8: is not of a former key %s", (_, header) => {
    expect(mayBeOfFormerKey(encoded(header), present)).toBe(false);
  });

  test("whatever it is, it is looked at without harm", () => {
    fc.assert(fc.property(fc.string(), (header) => !mayBeOfFormerKey(header, present)));
  });
});
