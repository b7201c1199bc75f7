import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientSigningAlgorithms } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { instant } from "../instant.ts";
import type { CompactJwt } from "../jwt/compact-jwt.ts";
import { defaultTenantName, issuerOf } from "../tenant/tenant.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { requestObjectAlgorithms, requestObjectParameters, requestObjectPlace } from "./request-object.ts";

type Members = Readonly<Record<string, unknown>>;

const now = instant(1_800_000_000_000);
const seconds = now / 1000;
const issuer = issuerOf("https://id.example", defaultTenantName);
const client = exampleClient();
const invalid = expect.objectContaining({ name: "OAuthError", code: "invalid_request_object" });

const rightly: Members = {
  iss: client.id,
  aud: issuer,
  client_id: client.id,
  response_type: "code",
  redirect_uri: "https://app.example/cb",
  scope: "openid email",
  state: "inner",
};

function object(claims: Members, header: Partial<CompactJwt["header"]> = {}): CompactJwt {
  return { header: { alg: "RS256", ...header }, claims, signingInput: "", signature: Buffer.alloc(0) };
}

/** The parameters of an object with `changes`; those that are undefined are left out. */
function parametersOf(changes: Members, sent: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const claims = Object.fromEntries(Object.entries({ ...rightly, ...changes }).filter(([, value]) => value !== undefined));
  const beside = new Map(Object.entries({ client_id: client.id, ...sent }));
  return Object.fromEntries(requestObjectParameters(object(claims), beside, { client, issuer, now }));
}

describe("where the object is", () => {
  const place = (sent: Readonly<Record<string, string>>, draft = {}) =>
    requestObjectPlace(new Map(Object.entries(sent)), exampleClient(draft));
  const requestUris = ["https://app.example/request.jwt"];

  test("is in the request, at a registered address, or nowhere", () => {
    expect(place({ request: "a.b.c" })).toEqual({ kind: "value", jwt: "a.b.c" });
    expect(place({ request_uri: "https://app.example/request.jwt" }, { requestUris })).toEqual({
      kind: "reference",
      uri: { url: "https://app.example/request.jwt" },
    });
    expect(place({ scope: "openid" })).toBeUndefined();
  });

  test("is never in two places, and never nowhere for a client that is registered to send one", () => {
    const request_uri = "https://app.example/request.jwt";
    expect(() => place({ request: "a.b.c", request_uri }, { requestUris })).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
    const required = { requireSignedRequestObject: true };
    expect(() => place({ scope: "openid" }, required)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(place({ request: "a.b.c" }, required)).toEqual({ kind: "value", jwt: "a.b.c" });
  });

  test("S1: is at no address that is not registered", () => {
    expect(() => place({ request_uri: "https://app.example/other.jwt" }, { requestUris })).toThrow(
      expect.objectContaining({ code: "invalid_request_uri" }),
    );
  });
});

test("A3: an object is signed by the algorithm that the client is registered for, or by any, and never unsigned", () => {
  expect(requestObjectAlgorithms(client)).toEqual(clientSigningAlgorithms);
  expect(requestObjectAlgorithms(exampleClient({ requestObjectSigningAlg: "ES256" }))).toEqual(["ES256"]);
});

describe("what the object says", () => {
  test("is the request, with numbers and objects as parameters have them, and without what is no parameter", () => {
    const claims = { userinfo: { name: null } };
    expect(
      parametersOf({ max_age: 60, claims, nonce: "n", exp: seconds + 60, nbf: seconds, iat: seconds, jti: "j", unknown: [1] }),
    ).toEqual({
      client_id: client.id,
      response_type: "code",
      redirect_uri: "https://app.example/cb",
      scope: "openid email",
      state: "inner",
      max_age: "60",
      nonce: "n",
      claims: JSON.stringify(claims),
    });
  });

  test("is all of the request: what stands beside it is ignored, but for response_type and scope where the object has none", () => {
    const beside = { prompt: "none", max_age: "0", claims: "{}", login_hint: "eve", scope: "openid phone", unknown: "x" };
    expect(parametersOf({}, beside)).toEqual(parametersOf({}));
    expect(
      parametersOf({ response_type: undefined, scope: undefined }, { response_type: "code", scope: "openid" }),
    ).toMatchObject({
      response_type: "code",
      scope: "openid",
    });
  });

  test.each([
    ["response_type", "token"],
    ["redirect_uri", "https://app.example/other"],
    ["state", "outer"],
    ["nonce", "outer"],
    ["response_mode", "form_post"],
    ["code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
    ["code_challenge_method", "S256"],
  ])("P8: a %s beside the object that is another, or that the object does not have, is refused", (name, value) => {
    expect(() => parametersOf({ [name]: "inner" }, { [name]: value })).toThrow(invalid);
    if (name !== "response_type") expect(() => parametersOf({ [name]: undefined }, { [name]: value })).toThrow(invalid);
    expect(parametersOf({ [name]: value }, { [name]: value })[name]).toBe(value);
  });

  test.each([
    { iss: undefined },
    { iss: "another" },
    { client_id: undefined },
    { client_id: "another" },
    { sub: client.id },
    { aud: undefined },
    { aud: "https://other.example" },
    { aud: ["https://other.example"] },
    { aud: `${issuer}/acme` },
    { aud: [] },
    { exp: seconds },
    { exp: "soon" },
    { nbf: seconds + 61 },
    { request: "a.b.c" },
    { request_uri: "https://app.example/request.jwt" },
    { request: null },
    { state: 7 },
    { scope: ["openid"] },
    { max_age: [60] },
    { nonce: { a: 1 } },
    { state: "a\nb" },
  ])("is refused with %j", (changes) => {
    expect(() => parametersOf(changes)).toThrow(invalid);
  });

  test.each([
    { aud: ["https://other.example", issuer] },
    { exp: seconds + 1 },
    { nbf: seconds + 60 },
    { sub: "somebody" },
    { max_age: "60" },
    { claims: "{}" },
    { claims: null },
  ])("is accepted with %j", (changes) => {
    expect(parametersOf(changes).state).toBe("inner");
  });

  test.each([
    [undefined, true],
    ["JWT", true],
    ["oauth-authz-req+jwt", true],
    ["application/oauth-authz-req+jwt", true],
    ["at+jwt", false],
    ["client-authentication+jwt", false],
    ["logout+jwt", false],
  ])("with the typ %s is accepted: %s", (typ, isAccepted) => {
    const read = () =>
      requestObjectParameters(object(rightly, typ === undefined ? {} : { typ }), new Map(), { client, issuer, now });
    if (isAccepted) expect(read().get("state")).toBe("inner");
    else expect(read).toThrow(invalid);
  });

  test("whatever it is, it is read or refused in words that an error_description may have", () => {
    const names = ["iss", "aud", "client_id", "exp", "nbf", "sub", "request", "state", "claims", "max_age", "scope", "__proto__"];
    const claims = fc.dictionary(
      fc.oneof(fc.constantFrom(...names), fc.string()),
      fc.oneof(fc.jsonValue(), fc.constant(client.id), fc.constant(issuer)),
    );
    fc.assert(
      fc.property(claims, (changes) => {
        try {
          const read = requestObjectParameters(object({ ...rightly, ...changes }), new Map(), { client, issuer, now });
          for (const value of read.values()) expect(typeof value).toBe("string");
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error;
          expect(error.description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
        }
      }),
    );
  });
});
