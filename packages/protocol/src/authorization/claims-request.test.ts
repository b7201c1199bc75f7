import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { type ClaimsRequest, parseClaimsRequest } from "./claims-request.ts";

const invalid = expect.objectContaining({ name: "OAuthError", code: "invalid_request" });

const plain = ({ userinfo, idToken }: ClaimsRequest) => ({
  userinfo: Object.fromEntries(userinfo),
  idToken: Object.fromEntries(idToken),
});

describe("parseClaimsRequest", () => {
  test("reads the example of OpenID Connect Core section 5.5", () => {
    const example = `{
      "userinfo": {
        "given_name": {"essential": true}, "nickname": null, "email": {"essential": true}, "email_verified": {"essential": true},
        "picture": null, "http://example.info/claims/groups": null },
      "id_token": { "auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]} } }`;
    expect(plain(parseClaimsRequest(example))).toEqual({
      userinfo: {
        given_name: { essential: true },
        nickname: { essential: false },
        email: { essential: true },
        email_verified: { essential: true },
        picture: { essential: false },
        "http://example.info/claims/groups": { essential: false },
      },
      idToken: { auth_time: { essential: true }, acr: { essential: false, values: ["urn:mace:incommon:iap:silver"] } },
    });
  });

  test.each([
    [undefined, {}],
    ["{}", {}],
    ['{"userinfo":null}', {}],
    ['{"other":{"email":null}}', {}],
    ['{"id_token":{"sub":{"value":"248289761001"}}}', { sub: { essential: false, values: ["248289761001"] } }],
    ['{"id_token":{"email":{"essential":false,"unknown":[1]}}}', { email: { essential: false } }],
    ['{"id_token":{"email":{}}}', { email: { essential: false } }],
    ['{"id_token":{"acr":{"values":[]}}}', { acr: { essential: false, values: [] } }],
  ])("reads %s", (sent, idToken) => {
    expect(plain(parseClaimsRequest(sent))).toEqual({ userinfo: {}, idToken });
  });

  test.each([
    "",
    "x",
    "null",
    "[]",
    '"userinfo"',
    '{"userinfo":[]}',
    '{"userinfo":"email"}',
    '{"id_token":{"email":true}}',
    '{"id_token":{"email":"essential"}}',
    '{"id_token":{"email":{"essential":"true"}}}',
    '{"id_token":{"acr":{"values":"1"}}}',
  ])("answers with invalid_request: %s", (sent) => {
    expect(() => parseClaimsRequest(sent)).toThrow(invalid);
  });

  test.each([
    ["65 values", `{"id_token":{"acr":{"values":[${Array(65).fill(1)}]}}}`],
    ["65 claims", `{"id_token":{${Array.from({ length: 65 }, (_, index) => `"c${index}":null`)}}}`],
    ["20 levels", `{"id_token":{"acr":{"value":${"[".repeat(20)}${"]".repeat(20)}}}}`],
    ["17,000 characters", `{"userinfo":{"email":{"value":"${"x".repeat(17_000)}"}}}`],
    ["10,000 levels", "[".repeat(10_000)],
  ])("answers %s with invalid_request", (_what, sent) => {
    expect(() => parseClaimsRequest(sent)).toThrow(invalid);
  });

  test.each(["__proto__", "constructor", "toString"])("Q3: a claim called %s is refused", (name) => {
    expect(() => parseClaimsRequest(`{"userinfo":{"${name}":null}}`)).toThrow(invalid);
  });

  test("Q10: whatever is sent, it is read or refused in words that an error_description may have", () => {
    const claim = fc.oneof(fc.constant(null), fc.jsonValue(), fc.record({ essential: fc.jsonValue(), values: fc.jsonValue() }));
    const members = fc.dictionary(fc.string(), claim);
    const request = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ userinfo: members, id_token: members }).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(request, (sent) => {
        try {
          const { userinfo, idToken } = parseClaimsRequest(sent);
          for (const { essential, values } of [...userinfo.values(), ...idToken.values()]) {
            expect([typeof essential, values === undefined || Array.isArray(values)]).toEqual(["boolean", true]);
          }
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error;
          expect(error.description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
        }
      }),
    );
  });
});
