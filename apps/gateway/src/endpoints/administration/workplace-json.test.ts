import { registry } from "@signet/contracts";
import { describe, expect, test } from "vitest";
import { newWorkplaceFromJson, workplacePatchFromJson, workplaceToJson } from "./workplace-json.ts";

const tenant = registry.Tenant.fromPartial({ name: "acme", branding: { name: "Acme" }, createdAt: 1_790_000_000_000 });

describe("workplaceToJson", () => {
  test("shows the issuer and the branding, with empty texts for what there is not", () => {
    expect(workplaceToJson(tenant, "https://signet.example")).toStrictEqual({
      name: "acme",
      issuer: "https://signet.example/acme",
      branding: { name: "Acme", logo_uri: "", accent_color: "", welcome_text: "" },
      created_at: 1_790_000_000_000,
    });
  });

  test("gives the workplace default the public URL as its issuer", () => {
    expect(workplaceToJson({ ...tenant, name: "default" }, "https://signet.example")).toMatchObject({
      issuer: "https://signet.example",
    });
  });
});

describe("newWorkplaceFromJson", () => {
  test("needs a name and nothing else", () => {
    expect(newWorkplaceFromJson({ name: "acme" })).toMatchObject({ name: "acme" });
    expect(() => newWorkplaceFromJson({})).toThrow("name is missing");
  });

  test("takes settings and branding along", () => {
    const sent = { name: "acme", settings: { token_timeout: 1000, refresh_tokens: "always" }, branding: { name: "Acme" } };
    expect(newWorkplaceFromJson(sent).patch).toMatchObject({
      tokenTimeout: 1000,
      refreshTokens: registry.RefreshTokens.ALWAYS,
      branding: { name: "Acme" },
    });
  });

  test("names the member that is wrong, also inside of another", () => {
    expect(() => newWorkplaceFromJson({ name: "acme", settings: { token_timeout: "1000" } })).toThrow(
      "settings.token_timeout must be a whole number",
    );
  });
});

describe("workplacePatchFromJson", () => {
  test("changes nothing where nothing was sent", () => {
    expect(workplacePatchFromJson({}).branding).toBeUndefined();
  });

  test("keeps apart what was left out and what is to be taken away", () => {
    const { branding } = workplacePatchFromJson({ branding: { logo_uri: "" } });
    expect(branding).toStrictEqual({ name: "", logoUri: "", accentColor: undefined, welcomeText: undefined });
  });
});
