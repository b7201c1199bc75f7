import { describe, expect, test } from "vitest";
import {
  defaultRegistrationSettings,
  patchRegistrationSettings,
  type RegistrationSettings,
  type RegistrationSettingsPatch,
} from "./registration-settings.ts";

const jwks = '{"keys":[]}';
const hour = 3_600_000;
const current: RegistrationSettings = {
  ...defaultRegistrationSettings,
  mode: "open",
  quota: 5,
  openClientLifetime: hour,
  grantTypes: ["authorization_code"],
  authenticationMethods: ["none"],
  scope: ["openid"],
  privilegedMembers: ["scopes"],
};

describe("patchRegistrationSettings", () => {
  test("nobody registers a client by themselves unless somebody says so", () => {
    expect(defaultRegistrationSettings.mode).toBe("off");
    expect(defaultRegistrationSettings.privilegedMembers).toEqual([]);
    expect(defaultRegistrationSettings.grantTypes).not.toContain("client_credentials");
  });

  test("G1: what is left out stays as it is", () => {
    expect(patchRegistrationSettings(current, {})).toEqual(current);
  });

  test.each<RegistrationSettingsPatch>([
    { mode: "off" },
    { mode: "initial_access_token" },
    { quota: 1 },
    { quota: 100_000 },
    { openClientLifetime: hour },
    { openClientLifetime: 3650 * 24 * hour },
    { grantTypes: ["authorization_code", "client_credentials"] },
    { authenticationMethods: ["client_secret_basic", "private_key_jwt"] },
    { privilegedMembers: ["scopes", "refresh_tokens"] },
  ])("%j changes that and nothing else", (patch) => {
    expect(patchRegistrationSettings(current, patch)).toEqual({ ...current, ...patch });
  });

  test("issuers of software statements have their keys here or at an address", () => {
    const statementIssuers = [
      { issuer: "https://a.example", jwks, jwksUri: "" },
      { issuer: "b", jwks: "", jwksUri: "https://b.example/jwks" },
    ];
    expect(patchRegistrationSettings(current, { statementIssuers, softwareStatements: "required" })).toEqual({
      ...current,
      softwareStatements: "required",
      statementIssuers: [
        { issuer: "https://a.example", jwks: [] },
        { issuer: "b", jwksUri: "https://b.example/jwks" },
      ],
    });
  });

  test("scope is a list of scopes", () => {
    expect(patchRegistrationSettings(current, { scope: "openid email openid" }).scope).toEqual(["openid", "email"]);
  });

  test("an empty list or text takes a member back to its default", () => {
    const emptied = { grantTypes: [], authenticationMethods: [], scope: "", privilegedMembers: [], statementIssuers: [] };
    const { mode, quota, openClientLifetime } = current;
    expect(patchRegistrationSettings(current, emptied)).toEqual({
      ...defaultRegistrationSettings,
      mode,
      quota,
      openClientLifetime,
    });
  });

  test.each<RegistrationSettingsPatch>([
    { mode: "" },
    { mode: "on" },
    { quota: 0 },
    { quota: 100_001 },
    { quota: 1.5 },
    { openClientLifetime: hour - 1 },
    { openClientLifetime: 3650 * 24 * hour + 1 },
    { grantTypes: ["password"] },
    { authenticationMethods: ["client_secret"] },
    { scope: 'a"b' },
    { privilegedMembers: ["resource_server"] },
    { softwareStatements: "maybe" },
    { softwareStatements: "required" },
    { statementIssuers: [{ issuer: "", jwks, jwksUri: "" }] },
    { statementIssuers: [{ issuer: "a", jwks: "", jwksUri: "" }] },
    { statementIssuers: [{ issuer: "a", jwks, jwksUri: "https://a.example/jwks" }] },
    { statementIssuers: [{ issuer: "a", jwks: "{}", jwksUri: "" }] },
    { statementIssuers: [{ issuer: "a", jwks: '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', jwksUri: "" }] },
    { statementIssuers: [{ issuer: "a", jwks: "", jwksUri: "http://a.example/jwks" }] },
    {
      statementIssuers: [
        { issuer: "a", jwks, jwksUri: "" },
        { issuer: "a", jwks, jwksUri: "" },
      ],
    },
    { statementIssuers: Array.from({ length: 21 }, (_, index) => ({ issuer: `${index}`, jwks, jwksUri: "" })) },
  ])("%j is refused", (patch) => {
    expect(() => patchRegistrationSettings(current, patch)).toThrow(
      expect.objectContaining({ name: "ResourceError", kind: "invalid" }),
    );
  });
});
