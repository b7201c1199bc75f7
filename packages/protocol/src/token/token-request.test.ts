import { describe, expect, test } from "vitest";
import type { OAuthErrorCode } from "../errors.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { parseRefreshToken } from "./refresh-token.ts";
import { parseClientCredentials, parseCodeExchange, parseGrantType, parseRefresh } from "./token-request.ts";

const parameters = (members: Record<string, string>) => new Map(Object.entries(members));
const refusal = (code: OAuthErrorCode) => expect.objectContaining({ name: "OAuthError", code });
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const refreshToken = "A".repeat(64);

describe("parseGrantType", () => {
  const client = exampleClient({ grantTypes: ["authorization_code", "client_credentials"] });

  test("gives the grant type that the client asks for and is registered with", () => {
    expect(parseGrantType(parameters({ grant_type: "client_credentials" }), client)).toBe("client_credentials");
  });

  test.each(["password", "implicit", "AUTHORIZATION_CODE", "__proto__", "urn:ietf:params:oauth:grant-type:jwt-bearer"])(
    "refuses the grant type %s, which Signet does not know",
    (type) => {
      expect(() => parseGrantType(parameters({ grant_type: type }), client)).toThrow(refusal("unsupported_grant_type"));
    },
  );

  test("A12: a grant type that the client is not registered for is unauthorized_client", () => {
    expect(() => parseGrantType(parameters({ grant_type: "refresh_token" }), client)).toThrow(refusal("unauthorized_client"));
  });

  test("A12: client_credentials is unauthorized_client for a public client, whatever it is registered with", () => {
    const { metadata, ...rest } = client;
    const publicClient = { ...rest, metadata: { ...metadata, tokenEndpointAuthMethod: "none" as const } };
    expect(() => parseGrantType(parameters({ grant_type: "client_credentials" }), publicClient)).toThrow(
      refusal("unauthorized_client"),
    );
  });

  test("a missing grant_type is invalid_request", () => {
    expect(() => parseGrantType(parameters({}), client)).toThrow(refusal("invalid_request"));
  });
});

describe("parseCodeExchange", () => {
  const complete = { code: "c", redirect_uri: "https://app.example/cb", code_verifier: verifier };

  test("gives code, redirect_uri and code_verifier", () => {
    expect(parseCodeExchange(parameters(complete))).toEqual({
      code: "c",
      redirectUri: "https://app.example/cb",
      codeVerifier: verifier,
    });
  });

  test("leaves the verifier out where none was sent", () => {
    const { code_verifier: _, ...without } = complete;
    expect(parseCodeExchange(parameters(without))).not.toHaveProperty("codeVerifier");
  });

  test.each(["code", "redirect_uri"])("demands %s", (name) => {
    const sent = parameters(complete);
    sent.delete(name);
    expect(() => parseCodeExchange(sent)).toThrow(refusal("invalid_request"));
  });

  test.each([42, 129])("P6: a verifier of %i characters is invalid_grant", (length) => {
    expect(() => parseCodeExchange(parameters({ ...complete, code_verifier: "a".repeat(length) }))).toThrow(
      refusal("invalid_grant"),
    );
  });
});

describe("parseRefresh", () => {
  test("gives the refresh token with the grant in it, and the scopes asked for", () => {
    expect(parseRefresh(parameters({ refresh_token: refreshToken, scope: "openid  email openid" }))).toEqual({
      presented: parseRefreshToken(refreshToken),
      scopes: ["openid", "email"],
    });
  });

  test("leaves the scopes out where none were sent", () => {
    expect(parseRefresh(parameters({ refresh_token: refreshToken }))).not.toHaveProperty("scopes");
  });

  test("demands refresh_token", () => {
    expect(() => parseRefresh(parameters({}))).toThrow(refusal("invalid_request"));
  });

  test("F8: a JWT is no refresh token", () => {
    expect(() => parseRefresh(parameters({ refresh_token: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln" }))).toThrow(refusal("invalid_grant"));
  });

  test("a scope with a character that is not allowed is invalid_scope", () => {
    expect(() => parseRefresh(parameters({ refresh_token: refreshToken, scope: 'a"b' }))).toThrow(refusal("invalid_scope"));
  });
});

describe("parseClientCredentials", () => {
  test("gives the scopes asked for", () => {
    expect(parseClientCredentials(parameters({ scope: "reports" }))).toEqual({ scopes: ["reports"] });
  });

  test("leaves the scopes out where none were sent", () => {
    expect(parseClientCredentials(parameters({}))).not.toHaveProperty("scopes");
  });
});
