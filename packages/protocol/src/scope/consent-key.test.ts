import { describe, expect, test } from "vitest";
import { consentedScopes, consentKeys } from "./consent-key.ts";
import { type CustomScope, isScopeToken } from "./scope.ts";

const badge: CustomScope = { name: "badge", description: "Your badge", fields: ["badge_number", "office"] };
const keys = consentKeys(["openid", "badge"], [badge]);

test("a scope that is no custom one is kept by its name", () => {
  expect(keys[0]).toBe("openid");
});

test("a custom scope is kept as what no scope can be named", () => {
  expect(keys).toHaveLength(2);
  expect(isScopeToken(keys[1] ?? "openid")).toBe(false);
});

describe("consentedScopes", () => {
  const consented = (customScopes: readonly CustomScope[], kept = keys) =>
    consentedScopes(["openid", "badge", "email"], customScopes, kept);

  test("has what was agreed to, as long as it is defined as it was", () => {
    expect(consented([badge])).toEqual(["openid", "badge"]);
  });

  test("the order of the fields defines nothing", () => {
    expect(consented([{ ...badge, fields: ["office", "badge_number"] }])).toEqual(["openid", "badge"]);
  });

  test.each<[string, readonly CustomScope[]]>([
    ["another field", [{ ...badge, fields: [...badge.fields, "salary"] }]],
    ["a field less", [{ ...badge, fields: ["badge_number"] }]],
    ["another description", [{ ...badge, description: "Your badge, and your salary" }]],
    ["no definition any more", []],
  ])("leaves out a custom scope that has %s", (_what, customScopes) => {
    expect(consented(customScopes)).toEqual(["openid"]);
  });

  test("leaves out a custom scope that was a mere name when it was agreed to", () => {
    expect(consented([badge], ["openid", "badge"])).toEqual(["openid"]);
  });

  test("another scope with the same description and fields is another one", () => {
    const twin = { ...badge, name: "email" };
    expect(consented([badge, twin])).toEqual(["openid", "badge"]);
  });
});
