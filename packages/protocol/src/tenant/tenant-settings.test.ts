import { describe, expect, test } from "vitest";
import { defaultRegistrationSettings } from "../registration/registration-settings.ts";
import type { Branding, TenantSettings } from "./tenant.ts";
import {
  type BrandingPatch,
  defaultTenantSettings,
  patchBranding,
  patchTenantSettings,
  storedTenantSettings,
  type TenantSettingsPatch,
} from "./tenant-settings.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });
const minute = 60_000;
const day = 24 * 60 * minute;

describe("patchTenantSettings", () => {
  test("a new tenant has tokens for an hour, refresh tokens for 30 days and sessions for a day", () => {
    expect(patchTenantSettings(defaultTenantSettings, {})).toEqual({
      collection: "users",
      tokenTimeout: 3_600_000,
      idTokenTimeout: 3_600_000,
      refreshTimeout: 30 * day,
      sessionTimeout: day,
      refreshTokens: "offline_access",
      requirePkce: false,
      registration: defaultRegistrationSettings,
    });
  });

  const current: TenantSettings = {
    collection: "staff",
    tokenTimeout: 5 * minute,
    idTokenTimeout: 6 * minute,
    refreshTimeout: day,
    sessionTimeout: 8 * 60 * minute,
    refreshTokens: "always",
    requirePkce: true,
    registration: { ...defaultRegistrationSettings, mode: "open" },
    policyUri: "https://acme.example/policy",
  };

  test("G1: what is left out stays as it is", () => {
    expect(patchTenantSettings(current, {})).toEqual(current);
    expect(patchTenantSettings(current, { tokenTimeout: undefined, collection: undefined, refreshTokens: undefined })).toEqual(
      current,
    );
  });

  test.each<TenantSettingsPatch>([
    { collection: "A-z_9" },
    { tokenTimeout: 1000 },
    { tokenTimeout: day },
    { idTokenTimeout: 1000 },
    { idTokenTimeout: day },
    { refreshTimeout: minute },
    { refreshTimeout: 365 * day },
    { sessionTimeout: minute },
    { sessionTimeout: 90 * day },
    { refreshTokens: "offline_access" },
    { requirePkce: false },
    { policyUri: "https://acme.example/other" },
    { tosUri: "https://acme.example/terms" },
    { serviceDocumentation: "https://acme.example/docs" },
  ])("%j changes that and nothing else", (patch) => {
    expect(patchTenantSettings(current, patch)).toEqual({ ...current, ...patch });
  });

  test.each<TenantSettingsPatch>([
    { collection: "" },
    { collection: "a b" },
    { collection: "../x" },
    { collection: "a".repeat(65) },
    { tokenTimeout: 0 },
    { tokenTimeout: 999 },
    { tokenTimeout: day + 1 },
    { tokenTimeout: 1000.5 },
    { tokenTimeout: Number.NaN },
    { idTokenTimeout: -1 },
    { idTokenTimeout: day + 1 },
    { refreshTimeout: minute - 1 },
    { refreshTimeout: 365 * day + 1 },
    { sessionTimeout: minute - 1 },
    { sessionTimeout: 90 * day + 1 },
    { refreshTokens: "never" },
    { refreshTokens: "" },
    { policyUri: "javascript:alert(1)" },
    { tosUri: "http://acme.example/" },
    { serviceDocumentation: "data:text/html,x" },
    { registration: { mode: "closed" } },
  ])("%j is refused", (patch) => {
    expect(() => patchTenantSettings(current, patch)).toThrow(invalid);
  });
});

test("settings that an older version stored have the defaults of those that it did not know", () => {
  const { requirePkce: _unknown, ...older } = { ...defaultTenantSettings, collection: "staff" };
  expect(storedTenantSettings(older)).toEqual({ ...defaultTenantSettings, collection: "staff" });
});

describe("patchBranding", () => {
  const current: Branding = {
    name: "Acme",
    logoUri: "https://acme.example/logo.svg",
    accentColor: "#1a73e8",
    welcomeText: "Welcome",
  };

  test("what is left out stays as it is, and the name also where it is empty", () => {
    expect([patchBranding(current, {}), patchBranding(current, { name: "" })]).toEqual([current, current]);
  });

  test("an empty text takes a member away", () => {
    expect(patchBranding(current, { logoUri: "", accentColor: "", welcomeText: "" })).toEqual({ name: "Acme" });
  });

  test.each<[BrandingPatch, Branding]>([
    [{ name: "Ácme" }, { ...current, name: "Ácme" }],
    [{ accentColor: "#ABCDEF" }, { ...current, accentColor: "#abcdef" }],
    [{ welcomeText: "w".repeat(300) }, { ...current, welcomeText: "w".repeat(300) }],
    [{ logoUri: "http://localhost/logo" }, { ...current, logoUri: "http://localhost/logo" }],
  ])("%j changes that and nothing else", (patch, branding) => {
    expect(patchBranding(current, patch)).toEqual(branding);
  });

  test.each<BrandingPatch>([
    { name: "n".repeat(101) },
    { name: "a\u202eb" },
    { logoUri: "javascript:alert(1)" },
    { logoUri: "http://acme.example/logo.svg" },
    { accentColor: "red" },
    { accentColor: "#12345" },
    { accentColor: "#1234567" },
    { accentColor: "#12345g" },
    { accentColor: "#123456;}" },
    { accentColor: "#123456\n" },
    { welcomeText: "w".repeat(301) },
    { welcomeText: "a\0" },
  ])("B6: %j is refused", (patch) => {
    expect(() => patchBranding(current, patch)).toThrow(invalid);
  });
});
