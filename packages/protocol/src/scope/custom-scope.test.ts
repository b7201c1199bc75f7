import { describe, expect, test } from "vitest";
import { parseCustomScopes } from "./custom-scope.ts";
import type { CustomScope } from "./scope.ts";

const roles: CustomScope = { name: "roles", description: "User roles", fields: ["roles"] };
const refused = expect.objectContaining({ code: "invalid_client_metadata" });

describe("parseCustomScopes", () => {
  test("keeps name, description and fields, each field once", () => {
    const scope = { name: "https://app.example/scopes/team", description: "", fields: ["team", "team.lead", "_x-y", "team"] };
    expect(parseCustomScopes([roles, scope])).toEqual([roles, { ...scope, fields: ["team", "team.lead", "_x-y"] }]);
  });

  test("takes 32 scopes of 32 fields", () => {
    const fields = Array.from({ length: 32 }, (_, n) => `f${n}`);
    const scopes = Array.from({ length: 32 }, (_, n) => ({ name: `s${n}`, description: "d".repeat(500), fields }));
    expect(parseCustomScopes(scopes)).toEqual(scopes);
  });

  test.each<[string, readonly CustomScope[]]>([
    ["33 scopes", Array.from({ length: 33 }, (_, n) => ({ ...roles, name: `s${n}` }))],
    ["a name twice", [roles, { ...roles, fields: [] }]],
    ["no name", [{ ...roles, name: "" }]],
    ["a name with a space", [{ ...roles, name: "a b" }]],
    ["a name with a quote", [{ ...roles, name: 'a"' }]],
    ["a name of 129 characters", [{ ...roles, name: "a".repeat(129) }]],
    ["a description of 501 characters", [{ ...roles, description: "d".repeat(501) }]],
    ["a description with a line break", [{ ...roles, description: "a\nb" }]],
    ["a description that changes its direction", [{ ...roles, description: "\u202ex" }]],
    ["33 fields", [{ ...roles, fields: Array.from({ length: 33 }, (_, n) => `f${n}`) }]],
    ["a field of 65 characters", [{ ...roles, fields: ["f".repeat(65)] }]],
    ["an empty field", [{ ...roles, fields: [""] }]],
    ["a field that begins with a digit", [{ ...roles, fields: ["1a"] }]],
    ["a field with an operator", [{ ...roles, fields: ["a[$ne]"] }]],
  ])("refuses %s", (_what, scopes) => {
    expect(() => parseCustomScopes(scopes)).toThrow(refused);
  });

  test.each(["openid", "profile", "email", "address", "phone", "offline_access"])(
    "refuses the name of the standard scope %s",
    (name) => {
      expect(() => parseCustomScopes([{ ...roles, name }])).toThrow(refused);
    },
  );

  test.each([
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "nonce",
    "at_hash",
    "sid",
    "client_id",
    "scope",
    "amr",
    "auth_time",
    "gid",
    "active",
  ])("refuses the field %s, which the provider itself says", (field) => {
    expect(() => parseCustomScopes([{ ...roles, fields: ["roles", field] }])).toThrow(refused);
  });

  test.each([
    "password",
    "passwordHash",
    "Password_Hash",
    "pass.word",
    "client_secret",
    "mfaSecret",
    "credentials",
    "private-key",
  ])("refuses the field %s, which names a secret", (field) => {
    expect(() => parseCustomScopes([{ ...roles, fields: [field] }])).toThrow(refused);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "Q3: refuses the field %s, which every object has",
    (field) => {
      expect(() => parseCustomScopes([{ ...roles, fields: [field] }])).toThrow(refused);
    },
  );
});
