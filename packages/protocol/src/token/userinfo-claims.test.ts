import { expect, test } from "vitest";
import type { ClientId, UserId } from "../ids.ts";
import { issuerOf, type TenantName } from "../tenant/tenant.ts";
import { claimNamesOfScopes, customClaimNames, userInfoClaimNames, userInfoJwtClaims, userInfoReply } from "./userinfo-claims.ts";

const badge = { name: "badge", description: "Your badge", fields: ["badge_number", "email"] };
const subject = "0123456789abcdef0123456789abcdef" as UserId;

test("openid alone brings no claim", () => {
  expect(userInfoClaimNames(["openid", "offline_access"], [badge], badge.fields)).toEqual([]);
});

test.each([
  { scope: "email", names: ["email", "email_verified"] },
  { scope: "phone", names: ["phone_number", "phone_number_verified"] },
  { scope: "address", names: ["address"] },
])("the scope $scope brings $names", ({ scope, names }) => {
  expect(userInfoClaimNames(["openid", scope], [], [])).toEqual(names);
});

test("the scope profile brings the fourteen claims of OpenID Connect Core section 5.4", () => {
  expect(userInfoClaimNames(["profile"], [], [])).toHaveLength(14);
});

test("a custom scope brings its fields, each name once, and only where it was granted", () => {
  expect(userInfoClaimNames(["openid", "email", "badge"], [badge], badge.fields)).toEqual([
    "email",
    "email_verified",
    "badge_number",
  ]);
});

test("a custom scope brings none of the fields that it came to have after it was granted, nor any that it lost", () => {
  const changed = { ...badge, fields: ["badge_number", "salary"] };
  expect(userInfoClaimNames(["badge"], [changed], badge.fields)).toEqual(["badge_number"]);
});

test("a claim that was granted comes only with a scope of the token", () => {
  expect(userInfoClaimNames(["openid"], [badge], badge.fields)).toEqual([]);
});

test("what a grant remembers are the fields of its custom scopes, each once", () => {
  const desk = { name: "desk", description: "Your desk", fields: ["office", "badge_number"] };
  const salary = { name: "salary", description: "Your salary", fields: ["salary"] };
  expect(customClaimNames(["openid", "email", "badge", "desk"], [badge, desk, salary])).toEqual([
    "badge_number",
    "email",
    "office",
  ]);
});

test("a scope that is a name of every object's brings nothing", () => {
  expect(userInfoClaimNames(["constructor", "__proto__", "toString"], [], [])).toEqual([]);
});

test("the reply begins with the subject, and no claim takes its place", () => {
  const reply = userInfoReply(subject, { name: "Ada", sub: "somebody else" });
  expect(JSON.stringify(reply)).toBe(`{"sub":"${subject}","name":"Ada"}`);
});

test("no claim of the user takes the place of a JWT's iss and aud", () => {
  const issuer = issuerOf("https://id.example", "acme" as TenantName);
  const audience = "00112233445566778899aabb" as ClientId;
  const claims = userInfoJwtClaims({ sub: "u", iss: "https://evil.example", aud: "all" }, issuer, audience);
  expect(claims).toEqual({ sub: "u", iss: issuer, aud: audience });
});

test("scopes stand for their claims, standard ones and the fields of custom scopes, each name once", () => {
  expect(claimNamesOfScopes(["openid", "email", "badge"], [badge])).toEqual(["email", "email_verified", "badge_number"]);
});
