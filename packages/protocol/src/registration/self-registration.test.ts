import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClientMetadataDraft, parseClientMetadata } from "../client/client-metadata.ts";
import { OAuthError } from "../errors.ts";
import { defaultRegistrationSettings, type RegistrationSettings } from "./registration-settings.ts";
import { permittedMetadata } from "./self-registration.ts";

const settings: RegistrationSettings = { ...defaultRegistrationSettings, mode: "open", scope: ["openid", "email"] };
const orders = { name: "orders", description: "Orders", fields: ["roles"] };

describe("permittedMetadata", () => {
  test("leaves what everybody may say as it is", () => {
    const draft = { redirectUris: ["https://app.example/cb"], clientName: "App", tokenEndpointAuthMethod: "none" };
    expect(permittedMetadata(draft, settings)).toEqual({ ...draft, scope: "openid email" });
  });

  test("G1: members that give power are as if they were not known", () => {
    const draft = { isResourceServer: true, refreshTokens: "always", scopes: [orders] };
    expect(permittedMetadata(draft, settings)).toEqual({ scope: "openid email" });
  });

  test("members that the tenant leaves to clients are theirs, but for resource_server", () => {
    const generous: RegistrationSettings = { ...settings, privilegedMembers: ["scopes", "refresh_tokens"] };
    const draft = { isResourceServer: true, refreshTokens: "always", scopes: [orders], scope: "openid orders admin" };
    expect(permittedMetadata(draft, generous)).toEqual({ scope: "openid orders", scopes: [orders], refreshTokens: "always" });
  });

  test("G1: a scope that is left out is no more than one that is sent may be", () => {
    expect(permittedMetadata({}, settings).scope).toBe("openid email");
    expect(permittedMetadata({ scope: " " }, settings).scope).toBe("openid email");
    expect(permittedMetadata({ scope: "email phone admin" }, settings).scope).toBe("email");
  });

  test.each<[ClientMetadataDraft, Partial<RegistrationSettings>]>([
    [{ grantTypes: ["client_credentials"] }, {}],
    [{ grantTypes: ["authorization_code", "client_credentials"] }, {}],
    [{}, { grantTypes: ["client_credentials"] }],
    [{ tokenEndpointAuthMethod: "client_secret_post" }, { authenticationMethods: ["none"] }],
    [{}, { authenticationMethods: ["none"] }],
    [{ scope: "admin" }, {}],
    [{ scope: 'a"b' }, {}],
  ])("refuses %j under %j", (draft, changed) => {
    expect(() => permittedMetadata(draft, { ...settings, ...changed })).toThrow(
      expect.objectContaining({ code: "invalid_client_metadata" }),
    );
  });

  test("whatever is sent, what comes of it is within what the tenant permits", () => {
    const word = fc.constantFrom("openid", "email", "admin", "orders", "client_credentials", "authorization_code", "none", "x");
    const drafts = fc.record(
      {
        grantTypes: fc.array(word, { maxLength: 3 }),
        tokenEndpointAuthMethod: fc.oneof(word, fc.string()),
        scope: fc.oneof(
          fc.array(word).map((words) => words.join(" ")),
          fc.string(),
        ),
        scopes: fc.constant([orders]),
        refreshTokens: fc.constant("always"),
        isResourceServer: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(drafts, (draft) => {
        try {
          const metadata = parseClientMetadata({
            redirectUris: ["https://app.example/cb"],
            ...permittedMetadata(draft, settings),
          });
          expect(metadata.grantTypes.every((type) => settings.grantTypes.includes(type))).toBe(true);
          expect(metadata.scope?.every((scope) => settings.scope.includes(scope))).toBe(true);
          expect([metadata.isResourceServer, metadata.customScopes, metadata.refreshTokens]).toEqual([false, [], undefined]);
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error;
          expect(["invalid_client_metadata", "invalid_redirect_uri"]).toContain(error.code);
        }
      }),
    );
  });
});
