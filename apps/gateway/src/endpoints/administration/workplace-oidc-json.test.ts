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
};

test("settings are shown with the token, in milliseconds", () => {
  expect(settingsToJson(registry.Tenant.fromPartial({ settings }), "a token")).toStrictEqual(json);
});

test("what was shown can be sent back", () => {
  expect(settingsPatchFromJson(json)).toMatchObject({ ...settings, registrationToken: "a token" });
});

test("a setting that was not sent is left out of the change", () => {
  const { collection, ...others } = settingsPatchFromJson({ collection: "staff" });
  expect(collection).toBe("staff");
  expect(Object.values(others).every((value) => value === undefined)).toBe(true);
});

test.each([
  [{ token_timeout: "1h" }, "token_timeout must be a whole number"],
  [{ refresh_tokens: "never" }, "refresh_tokens must be one of: offline_access, always"],
  [{ require_pkce: "yes" }, "require_pkce must be true or false"],
  [{ collection: ["users"] }, "collection must be a text"],
])("the member that is wrong is named: %j", (body, description) => {
  expect(() => settingsPatchFromJson(body)).toThrow(description);
});
