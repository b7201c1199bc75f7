import { registry } from "@signet/contracts";
import { expect, test } from "vitest";
import { settingsPatchFromJson, settingsToJson } from "./workplace-oidc-json.ts";

const settings = {
  collection: "users",
  tokenTimeout: 3_600_000,
  idTokenTimeout: 3_600_000,
  refreshTimeout: 2_592_000_000,
  sessionTimeout: 86_400_000,
  refreshTokens: registry.RefreshTokens.OFFLINE_ACCESS,
  requirePkce: true,
  registration: {
    mode: "open",
    quota: 3,
    openClientLifetime: 3_600_000,
    grantTypes: ["authorization_code"],
    tokenEndpointAuthMethods: ["none"],
    scope: "openid",
    privilegedMembers: ["scopes"],
    softwareStatements: "required",
    softwareStatementIssuers: [
      { issuer: "https://a.example", jwks: '{"keys":[]}', jwksUri: "" },
      { issuer: "https://b.example", jwks: "", jwksUri: "https://b.example/jwks" },
    ],
  },
  policyUri: "https://acme.example/policy",
  tosUri: "",
  serviceDocumentation: "",
};
const json = {
  collection: "users",
  token: "a token",
  token_timeout: 3_600_000,
  id_token_timeout: 3_600_000,
  refresh_timeout: 2_592_000_000,
  session_timeout: 86_400_000,
  refresh_tokens: "offline_access",
  require_pkce: true,
  dynamic_registration: {
    mode: "open",
    quota: 3,
    open_client_lifetime: 3_600_000,
    grant_types: ["authorization_code"],
    token_endpoint_auth_methods: ["none"],
    scope: "openid",
    privileged_members: ["scopes"],
    software_statements: "required",
    software_statement_issuers: [
      { issuer: "https://a.example", jwks: { keys: [] } },
      { issuer: "https://b.example", jwks_uri: "https://b.example/jwks" },
    ],
  },
  policy_uri: "https://acme.example/policy",
  tos_uri: "",
  service_documentation: "",
};

test("settings are shown with the token, in milliseconds", () => {
  expect(settingsToJson(registry.Tenant.fromPartial({ settings }), "a token")).toStrictEqual(json);
});

test("what was shown can be sent back", () => {
  expect(settingsPatchFromJson(json)).toMatchObject({ ...settings, registrationToken: "a token" });
});

test("a setting that was not sent is left out of the change", () => {
  const { collection, registrationMembers, ...others } = settingsPatchFromJson({ collection: "staff" });
  expect([collection, registrationMembers]).toEqual(["staff", []]);
  expect(Object.values(others).every((value) => value === undefined)).toBe(true);
});

test.each([
  [{ token_timeout: "1h" }, "token_timeout must be a whole number"],
  [{ refresh_tokens: "never" }, "refresh_tokens must be one of: offline_access, always"],
  [{ require_pkce: "yes" }, "require_pkce must be true or false"],
  [{ dynamic_registration: { quota: "many" } }, "dynamic_registration.quota must be a whole number"],
  [{ collection: ["users"] }, "collection must be a text"],
])("the member that is wrong is named: %j", (body, description) => {
  expect(() => settingsPatchFromJson(body)).toThrow(description);
});
