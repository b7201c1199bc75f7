import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError, type OAuthErrorCode } from "../errors.ts";
import { accessTokenAlgorithm, laterClientMetadata } from "./client.ts";
import { formatClientJwks } from "./client-jwks.ts";
import { type ClientMetadataDraft, parseClientMetadata } from "./client-metadata.ts";

const redirectUris = ["https://app.example/callback"];

function refusal(draft: ClientMetadataDraft): OAuthErrorCode | undefined {
  try {
    parseClientMetadata(draft);
    return undefined;
  } catch (error) {
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
}

describe("parseClientMetadata", () => {
  test("gives what is left out its default", () => {
    expect(parseClientMetadata({ redirectUris })).toEqual({
      redirectUris,
      postLogoutRedirectUris: [],
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_basic",
      applicationType: "web",
      idTokenSignedResponseAlg: "RS256",
      accessTokenFormat: "jwt",
      clientName: "",
      contacts: [],
      customScopes: [],
      ...laterClientMetadata,
    });
  });

  test("takes empty texts and lists for left out, as the Mixapp reference sends them", () => {
    const metadata = parseClientMetadata({
      applicationType: "native",
      responseTypes: ["code"],
      grantTypes: [],
      scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
      redirectUris: ["http://localhost:8080", "http://localhost:8081"],
      postLogoutRedirectUris: ["http://localhost:8082"],
      tokenEndpointAuthMethod: "",
      scope: "",
      clientName: "",
      contacts: [],
      logoUri: "",
      clientUri: "",
      tosUri: "",
      policyUri: "",
      refreshTokens: "",
    });
    expect(metadata).toEqual({
      ...parseClientMetadata({ redirectUris }),
      applicationType: "native",
      redirectUris: ["http://localhost:8080", "http://localhost:8081"],
      postLogoutRedirectUris: ["http://localhost:8082"],
      customScopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
    });
  });

  test("keeps everything that is given", () => {
    const metadata = parseClientMetadata({
      redirectUris,
      postLogoutRedirectUris: ["https://app.example/bye"],
      grantTypes: ["refresh_token", "authorization_code", "client_credentials"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_post",
      scope: "openid  profile openid",
      idTokenSignedResponseAlg: "ES256",
      accessTokenFormat: "opaque",
      accessTokenSignedResponseAlg: "EdDSA",
      clientName: "Ünïcode & Söhne",
      logoUri: "https://app.example/logo.png",
      clientUri: "https://app.example",
      policyUri: "https://app.example/policy",
      tosUri: "http://localhost:3000/tos",
      contacts: ["ops@app.example"],
      refreshTokens: "always",
    });
    expect(metadata).toEqual({
      redirectUris,
      postLogoutRedirectUris: ["https://app.example/bye"],
      grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_post",
      applicationType: "web",
      scope: ["openid", "profile"],
      idTokenSignedResponseAlg: "ES256",
      accessTokenFormat: "opaque",
      accessTokenSignedResponseAlg: "EdDSA",
      clientName: "Ünïcode & Söhne",
      logoUri: "https://app.example/logo.png",
      clientUri: "https://app.example",
      policyUri: "https://app.example/policy",
      tosUri: "http://localhost:3000/tos",
      contacts: ["ops@app.example"],
      customScopes: [],
      ...laterClientMetadata,
      refreshTokens: "always",
    });
  });

  test("signs access tokens as the ID token unless it is asked otherwise", () => {
    const metadata = parseClientMetadata({ redirectUris, idTokenSignedResponseAlg: "PS256" });
    expect(accessTokenAlgorithm(metadata)).toBe("PS256");
    expect(accessTokenAlgorithm({ ...metadata, idTokenSignedResponseAlg: "EdDSA" })).toBe("EdDSA");
    const asked = parseClientMetadata({ redirectUris, accessTokenSignedResponseAlg: "RS256" });
    expect(accessTokenAlgorithm({ ...asked, idTokenSignedResponseAlg: "EdDSA" })).toBe("RS256");
  });

  test("needs no redirect URI and no response type without the grant type authorization_code", () => {
    const { redirectUris, responseTypes } = parseClientMetadata({ grantTypes: ["client_credentials"] });
    expect({ redirectUris, responseTypes }).toEqual({ redirectUris: [], responseTypes: [] });
  });

  test.each<[string, ClientMetadataDraft]>([
    ["no redirect URI", {}],
    ["none, and refresh tokens", { grantTypes: ["authorization_code", "refresh_token"], redirectUris: [] }],
    ["one that is not fit", { redirectUris: ["https://app.example/callback", "https://app.example/#x"] }],
    ["R6: a javascript: address", { redirectUris: ["javascript:alert(1)"], applicationType: "native" }],
    ["R3: a host that only looks local", { redirectUris: ["http://localhost.evil.test/cb"] }],
    ["one twice", { redirectUris: [...redirectUris, ...redirectUris] }],
    ["21 of them", { redirectUris: Array.from({ length: 21 }, (_, n) => `https://app.example/${n}`) }],
    ["a private-use scheme for a web application", { redirectUris: ["com.example.app:/cb"] }],
    ["R6: a javascript: address after sign-out", { redirectUris, postLogoutRedirectUris: ["javascript:alert(1)"] }],
    [
      "21 addresses after sign-out",
      { redirectUris, postLogoutRedirectUris: Array.from({ length: 21 }, (_, n) => `https://a.example/${n}`) },
    ],
  ])("invalid_redirect_uri: %s", (_what, draft) => {
    expect(refusal(draft)).toBe("invalid_redirect_uri");
  });

  test("takes 20 redirect URIs", () => {
    expect(refusal({ redirectUris: Array.from({ length: 20 }, (_, n) => `https://app.example/${n}`) })).toBeUndefined();
  });

  test("says which of the addresses is wrong", () => {
    expect(() =>
      parseClientMetadata({ redirectUris, postLogoutRedirectUris: ["https://a.example", "https://a.example/#"] }),
    ).toThrow("post_logout_redirect_uris[1]: a redirect URI must not have a fragment");
  });

  test.each<[string, ClientMetadataDraft]>([
    ["an unknown grant type", { grantTypes: ["authorization_code", "implicit"] }],
    ["a grant type in another case", { grantTypes: ["Authorization_Code"] }],
    ["an unknown response type", { responseTypes: ["code", "token"] }],
    ["response type code without the grant type", { grantTypes: ["client_credentials"], responseTypes: ["code"] }],
    ["refresh tokens that come from nothing", { grantTypes: ["client_credentials", "refresh_token"] }],
    ["refresh tokens alone", { grantTypes: ["refresh_token"] }],
    [
      "client credentials of a public client",
      { grantTypes: ["authorization_code", "client_credentials"], tokenEndpointAuthMethod: "none" },
    ],
    ["an unknown authentication method", { tokenEndpointAuthMethod: "private_key_jwt" }],
    ["an unknown application type", { applicationType: "browser" }],
    ["the algorithm none", { idTokenSignedResponseAlg: "none" }],
    ["an algorithm with a shared key", { idTokenSignedResponseAlg: "HS256" }],
    ["the algorithm none for access tokens", { accessTokenSignedResponseAlg: "none" }],
    ["an unknown access token format", { accessTokenFormat: "paseto" }],
    ["an unknown refresh token policy", { refreshTokens: "never" }],
    ["a scope with a quote", { scope: 'openid "x"' }],
    ["65 scope values", { scope: Array.from({ length: 65 }, (_, n) => `s${n}`).join(" ") }],
    ["Q7: 100,000 scope values", { scope: "x ".repeat(100_000) }],
    ["a name of 201 characters", { clientName: "a".repeat(201) }],
    ["a name with a line break", { clientName: "a\nb" }],
    ["a name with a NUL", { clientName: "a\0" }],
    ["a name that changes its direction", { clientName: "evil\u202egpj" }],
    ["a name that isolates a direction", { clientName: "evil\u2067x" }],
    ["half a character in the name", { clientName: "a\ud83d" }],
    ["11 contacts", { contacts: Array.from({ length: 11 }, () => "a@b.example") }],
    ["a contact of 255 characters", { contacts: ["a".repeat(255)] }],
    ["a contact with a line break", { contacts: ["a@b.example\r\nBcc: c@d.example"] }],
    ["an empty contact", { contacts: [""] }],
    ["a custom scope called openid", { scopes: [{ name: "openid", description: "", fields: [] }] }],
  ])("invalid_client_metadata: %s", (_what, draft) => {
    expect(refusal({ redirectUris, ...draft })).toBe("invalid_client_metadata");
  });

  test.each(["logoUri", "clientUri", "policyUri", "tosUri"] as const)(
    "B6: %s may only be an address that a page can safely show",
    (member) => {
      for (const value of [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:image/svg+xml,x",
        "http://app.example/",
        "//evil.test",
        "https://u:p@app.example",
      ]) {
        expect([value, refusal({ redirectUris, [member]: value })]).toEqual([value, "invalid_client_metadata"]);
      }
      expect(refusal({ redirectUris, [member]: "https://app.example/x?y=1#z" })).toBeUndefined();
    },
  );

  test("B6: HTML in the name stays what it is, a text", () => {
    expect(parseClientMetadata({ redirectUris, clientName: "<script>alert(1)</script>" }).clientName).toBe(
      "<script>alert(1)</script>",
    );
  });

  test("a description holds nothing that was sent, and only the characters of RFC 6749 section 5.2", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("applicationType", "logoUri", "scope", "clientName", "refreshTokens"),
        (value, member) => {
          try {
            parseClientMetadata({ redirectUris, [member]: value });
          } catch (error) {
            if (!(error instanceof OAuthError)) throw error;
            expect(error.description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
          }
        },
      ),
    );
  });

  test("G2: what was parsed parses again, to the same", () => {
    const draft = fc.record(
      {
        grantTypes: fc.subarray(["authorization_code", "refresh_token", "client_credentials"]),
        tokenEndpointAuthMethod: fc.constantFrom("client_secret_basic", "client_secret_post", "none"),
        applicationType: fc.constantFrom("web", "native"),
        scope: fc.constantFrom("", "openid", "openid email", " email  email "),
        idTokenSignedResponseAlg: fc.constantFrom("RS256", "ES256"),
        accessTokenSignedResponseAlg: fc.constantFrom("", "EdDSA"),
        clientName: fc.string({ maxLength: 210 }),
        contacts: fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
        refreshTokens: fc.constantFrom("", "always"),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(draft, (sent) => {
        const once = (() => {
          try {
            return parseClientMetadata({ redirectUris, ...sent });
          } catch (error) {
            if (error instanceof OAuthError) return undefined;
            throw error;
          }
        })();
        if (once === undefined) return;
        const { scope, customScopes, jwks, ...rest } = once;
        const keys = jwks === undefined ? {} : { jwks: formatClientJwks(jwks) };
        expect(parseClientMetadata({ ...rest, ...keys, scopes: customScopes, scope: (scope ?? []).join(" ") })).toEqual(once);
      }),
    );
  });
});
