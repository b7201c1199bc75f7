import { describe, expect, test } from "vitest";
import { consentKeys, isConsented } from "./consent-key.ts";
import { type CustomScope, isScopeToken } from "./scope.ts";

const badge: CustomScope = { name: "badge", description: "Your badge", fields: ["badge_number", "office"] };
const keys = consentKeys({ scopes: ["openid", "badge"], customScopes: [badge], claims: ["email"] });

test("a scope that is no custom one is kept by its name", () => {
  expect(keys[0]).toBe("openid");
});

test("a custom scope and a claim are kept as what no scope can be named, nor the other", () => {
  expect(keys).toHaveLength(3);
  const [, scope = "openid", claim = "openid"] = keys;
  expect([isScopeToken(scope), isScopeToken(claim), scope.startsWith(" "), claim]).toEqual([false, false, false, " email"]);
});

describe("isConsented", () => {
  const consented = (customScopes: readonly CustomScope[], scope = "badge", allowed = keys) =>
    isConsented({ scopes: ["openid", scope], customScopes, claims: [] }, allowed);

  test("holds for what was agreed to, as long as it is defined as it was", () => {
    expect([consented([badge]), consented([badge], "email")]).toEqual([true, false]);
  });

  test("the order of the fields defines nothing", () => {
    expect(consented([{ ...badge, fields: ["office", "badge_number"] }])).toBe(true);
  });

  test.each<[string, readonly CustomScope[]]>([
    ["another field", [{ ...badge, fields: [...badge.fields, "salary"] }]],
    ["a field less", [{ ...badge, fields: ["badge_number"] }]],
    ["another description", [{ ...badge, description: "Your badge, and your salary" }]],
    ["no definition any more", []],
  ])("does not hold for a custom scope that has %s", (_what, customScopes) => {
    expect(consented(customScopes)).toBe(false);
  });

  test("does not hold for a custom scope that was a mere name when it was agreed to", () => {
    expect(consented([badge], "badge", ["openid", "badge"])).toBe(false);
  });

  test("another scope with the same description and fields is another one", () => {
    expect(consented([badge, { ...badge, name: "twin" }], "twin")).toBe(false);
  });

  test("a claim is agreed to by its own name, not by the scope of that name", () => {
    const subject = { scopes: ["openid"], customScopes: [], claims: ["email"] };
    expect([isConsented(subject, keys), isConsented(subject, ["openid", "email"])]).toEqual([true, false]);
    expect(isConsented({ ...subject, scopes: ["email"], claims: [] }, keys)).toBe(false);
  });
});
