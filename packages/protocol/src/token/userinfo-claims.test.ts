import { expect, test } from "vitest";
import type { UserId } from "../ids.ts";
import { userInfoClaimNames, userInfoReply } from "./userinfo-claims.ts";

const badge = { name: "badge", description: "Your badge", fields: ["badge_number", "email"] };
const subject = "0123456789abcdef0123456789abcdef" as UserId;

test("openid alone brings no claim", () => {
  expect(userInfoClaimNames(["openid", "offline_access"], [badge])).toEqual([]);
});

test.each([
  { scope: "email", names: ["email", "email_verified"] },
  { scope: "phone", names: ["phone_number", "phone_number_verified"] },
  { scope: "address", names: ["address"] },
])("the scope $scope brings $names", ({ scope, names }) => {
  expect(userInfoClaimNames(["openid", scope], [])).toEqual(names);
});

test("the scope profile brings the fourteen claims of OpenID Connect Core section 5.4", () => {
  expect(userInfoClaimNames(["profile"], [])).toHaveLength(14);
});

test("a custom scope brings its fields, each name once, and only where it was granted", () => {
  expect(userInfoClaimNames(["openid", "email", "badge"], [badge])).toEqual(["email", "email_verified", "badge_number"]);
});

test("a scope that is a name of every object's brings nothing", () => {
  expect(userInfoClaimNames(["constructor", "__proto__", "toString"], [])).toEqual([]);
});

test("the reply begins with the subject, and no claim takes its place", () => {
  const reply = userInfoReply(subject, { name: "Ada", sub: "somebody else" });
  expect(JSON.stringify(reply)).toBe(`{"sub":"${subject}","name":"Ada"}`);
});
