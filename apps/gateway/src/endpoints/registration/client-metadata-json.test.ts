import { registry } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { clientFromJson, clientToJson, updatedClientToJson } from "./client-metadata-json.ts";

const usual = {
  applicationType: "native",
  responseTypes: ["code"],
  grantTypes: ["authorization_code"],
  tokenEndpointAuthMethod: "client_secret_basic",
  idTokenSignedResponseAlg: "RS256",
  accessTokenFormat: "jwt",
  accessTokenSignedResponseAlg: "RS256",
  redirectUris: ["http://localhost:8080", "http://localhost:8081"],
  postLogoutRedirectUris: ["http://localhost:8082"],
};

function reply(metadata: Partial<registry.ClientMetadata> = {}, clientSecret = "<secret_string>"): registry.GetClientResponse {
  const client = registry.Client.fromPartial({ clientId: "59dd29d8574e741c966c73f0", metadata: { ...usual, ...metadata } });
  return { client, clientSecret };
}

describe("clientToJson", () => {
  test("is the documented reply, member by member and in its order", () => {
    const documented =
      '{"client_id":"59dd29d8574e741c966c73f0","application_type":"native","response_types":["code"],"scopes":[],"client_secret":"<secret_string>","redirect_uris":["http://localhost:8080","http://localhost:8081"],"post_logout_redirect_uris":["http://localhost:8082"],"client_secret_expires_at":0,"client_name":"","contacts":[],"logo_uri":"","client_uri":"","tos_uri":"","policy_uri":""}';
    expect(JSON.stringify(clientToJson(reply()))).toBe(documented);
  });

  test("shows custom scopes with name, desc and fields", () => {
    const scopes = [{ name: "roles", description: "User roles", fields: ["roles"] }];
    expect(clientToJson(reply({ scopes }))).toMatchObject({ scopes: [{ name: "roles", desc: "User roles", fields: ["roles"] }] });
  });

  test.each<[Partial<registry.ClientMetadata>, object]>([
    [{ grantTypes: ["authorization_code", "refresh_token"] }, { grant_types: ["authorization_code", "refresh_token"] }],
    [{ tokenEndpointAuthMethod: "none" }, { token_endpoint_auth_method: "none" }],
    [{ scope: "openid email" }, { scope: "openid email" }],
    [{ idTokenSignedResponseAlg: "ES256", accessTokenSignedResponseAlg: "ES256" }, { id_token_signed_response_alg: "ES256" }],
    [{ idTokenSignedResponseAlg: "ES256", accessTokenSignedResponseAlg: "" }, { id_token_signed_response_alg: "ES256" }],
    [{ accessTokenFormat: "opaque" }, { access_token_format: "opaque" }],
    [{ accessTokenSignedResponseAlg: "EdDSA" }, { access_token_signed_response_alg: "EdDSA" }],
    [{ refreshTokens: registry.RefreshTokens.OFFLINE_ACCESS }, { refresh_tokens: "offline_access" }],
    [{ refreshTokens: registry.RefreshTokens.ALWAYS }, { refresh_tokens: "always" }],
  ])("adds to the documented members those that are not what they are by default: %j", (metadata, added) => {
    expect(clientToJson(reply(metadata))).toStrictEqual({ ...clientToJson(reply()), ...added });
  });

  test("has an empty secret for a public client", () => {
    expect(clientToJson(reply({ tokenEndpointAuthMethod: "none" }, ""))).toMatchObject({ client_secret: "" });
  });

  test("does not make up a client that the registry left out", () => {
    expect(() => clientToJson({ client: undefined, clientSecret: "" })).toThrow("without the client");
  });
});

describe("updatedClientToJson", () => {
  test("has neither the id nor the secret", () => {
    const json = updatedClientToJson(reply({}, ""));
    expect(Object.keys(json)).toStrictEqual([
      "application_type",
      "response_types",
      "scopes",
      "redirect_uris",
      "post_logout_redirect_uris",
      "client_secret_expires_at",
      "client_name",
      "contacts",
      "logo_uri",
      "client_uri",
      "tos_uri",
      "policy_uri",
    ]);
  });

  test("has the secret where that is a new one", () => {
    expect(updatedClientToJson(reply({}, "new"))).toMatchObject({ client_secret: "new" });
  });
});

describe("clientFromJson", () => {
  test("names the members that were sent, and no others", () => {
    expect(clientFromJson({ client_name: "Shop", logo_uri: "" }).members).toStrictEqual(["client_name", "logo_uri"]);
  });

  test("reads back what clientToJson shows", () => {
    const metadata = reply({
      scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
      grantTypes: ["authorization_code", "refresh_token"],
      tokenEndpointAuthMethod: "client_secret_post",
      scope: "openid roles",
      idTokenSignedResponseAlg: "ES256",
      accessTokenFormat: "opaque",
      accessTokenSignedResponseAlg: "PS256",
      refreshTokens: registry.RefreshTokens.ALWAYS,
      clientName: "Shop",
      logoUri: "https://shop.example/logo",
      clientUri: "https://shop.example/",
      tosUri: "https://shop.example/tos",
      policyUri: "https://shop.example/policy",
      contacts: ["ops@shop.example"],
    });
    expect(clientFromJson(clientToJson(metadata)).metadata).toStrictEqual(metadata.client?.metadata);
  });

  test("takes a custom scope without a description or fields", () => {
    expect(clientFromJson({ scopes: [{ name: "roles" }] }).metadata.scopes).toStrictEqual([
      { name: "roles", description: "", fields: [] },
    ]);
  });

  test("keeps the secret unless a new one is asked for", () => {
    expect(clientFromJson({})).toMatchObject({ rotateSecret: false });
    expect(clientFromJson({ generate_token: true })).toMatchObject({ rotateSecret: true, members: [] });
  });

  test("says when the secret ends only where that was sent", () => {
    expect(clientFromJson({})).not.toHaveProperty("clientSecretExpiresAt");
    expect(clientFromJson({ client_secret_expires_at: 0 })).toMatchObject({ clientSecretExpiresAt: 0, members: [] });
  });

  test("G1: ignores what only the registry may set", () => {
    const { members, metadata } = clientFromJson({ client_id: "0".repeat(24), client_secret: "mine", tenant_id: "other" });
    expect(members).toStrictEqual([]);
    expect(metadata).toStrictEqual(registry.ClientMetadata.create());
  });

  test.each<[object, string]>([
    [{ redirect_uris: "http://localhost" }, "redirect_uris must be a list"],
    [{ redirect_uris: ["http://localhost", 1] }, "redirect_uris[1] must be a text"],
    [{ redirect_uris: Array.from({ length: 101 }, () => "") }, "redirect_uris must have at most 100 entries"],
    [{ client_name: null }, "client_name must be a text"],
    [{ client_name: { $ne: null } }, "client_name must be a text"],
    [{ client_name: "a".repeat(4097) }, "client_name must have at most 4096 characters"],
    [{ client_name: "\ud800" }, "client_name must be well-formed Unicode"],
    [{ scopes: [{ desc: "without a name" }] }, "scopes[0].name is missing"],
    [{ scopes: [{ name: "a", fields: [[]] }] }, "scopes[0].fields[0] must be a text"],
    [{ scopes: ["roles"] }, "scopes[0] must be an object"],
    [{ refresh_tokens: "sometimes" }, "refresh_tokens must be one of: offline_access, always"],
    [{ generate_token: "true" }, "generate_token must be true or false"],
    [{ client_secret_expires_at: -1 }, "client_secret_expires_at must not be negative"],
    [{ client_secret_expires_at: 1.5 }, "client_secret_expires_at must be a whole number"],
    [{ client_secret_expires_at: 1e300 }, "client_secret_expires_at"],
    [{ client_secret_expires_at: "0" }, "client_secret_expires_at must be a whole number"],
  ])("names the member that is wrong: %j", (body, description) => {
    expect(() => clientFromJson(body)).toThrow(ResourceError);
    expect(() => clientFromJson(body)).toThrow(description);
  });
});
