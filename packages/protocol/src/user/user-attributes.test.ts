import { describe, expect, test } from "vitest";
import { areSameRoles, parseRoles, parseUserAttributes } from "./user-attributes.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });
const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, index]));

describe("parseUserAttributes", () => {
  test("takes any JSON value", () => {
    const attributes = { customer: 7, vip: true, note: null, tags: ["a", { b: 1 }], _x: "é", "a.b-c": {} };
    expect(parseUserAttributes(JSON.stringify(attributes))).toEqual(attributes);
  });

  test("takes 64 attributes and no more", () => {
    expect(Object.keys(parseUserAttributes(JSON.stringify(numbered(64))))).toHaveLength(64);
    expect(() => parseUserAttributes(JSON.stringify(numbered(65)))).toThrow(invalid);
  });

  test.each(["name", "email", "roles", "preferred_username", "address", "updated_at"])(
    "refuses %s, which the profile has",
    (name) => {
      expect(() => parseUserAttributes(JSON.stringify({ [name]: "x" }))).toThrow(invalid);
    },
  );

  test.each(["sub", "iss", "aud", "exp", "scope", "client_id", "nonce", "sid", "auth_time", "gid", "cnf"])(
    "refuses %s, which the provider says",
    (name) => {
      expect(() => parseUserAttributes(JSON.stringify({ [name]: "x" }))).toThrow(invalid);
    },
  );

  test.each(["", "1a", "a b", "$ne", "-a", "é", "a".repeat(65), "toString"])("refuses the name %j", (name) => {
    expect(() => parseUserAttributes(JSON.stringify({ [name]: "x" }))).toThrow(invalid);
  });
});

describe("parseRoles", () => {
  test("keeps the order, each once", () => {
    expect(parseRoles(["editor", "admin", "editor", "Ärztin im Dienst"])).toEqual(["editor", "admin", "Ärztin im Dienst"]);
  });

  test.each([
    [[""]],
    [["a\nb"]],
    [["a\u0000"]],
    [["\u202ea"]],
    [["x".repeat(129)]],
    [Array.from({ length: 65 }, (_, index) => `r${index}`)],
  ])("refuses %j", (roles) => {
    expect(() => parseRoles(roles)).toThrow(invalid);
  });
});

test.each([
  [[], [], true],
  [["a", "b"], ["b", "a"], true],
  [["a"], ["a", "b"], false],
  [["a", "b"], ["a"], false],
  [["a"], ["A"], false],
])("whether %j and %j are the same roles: %s", (one, other, same) => {
  expect(areSameRoles(one, other)).toBe(same);
});
