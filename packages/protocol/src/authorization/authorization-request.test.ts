import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Client } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { exampleClient } from "../testing/example-parties.ts";
import {
  type AuthorizationRequest,
  type AuthorizationRules,
  displays,
  parseAuthorizationRequest,
} from "./authorization-request.ts";
import { parseRedirection } from "./redirection.ts";
import { noRequestedClaims } from "./requested-claims.ts";

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const confidential = exampleClient();
const single = exampleClient({ tokenEndpointAuthMethod: "none" });

/** A good request with the members of `changes` in place of its own; an undefined one is left out. */
function parse(
  changes: Readonly<Record<string, string | undefined>> = {},
  client: Client = confidential,
  rules: Partial<AuthorizationRules> = {},
): AuthorizationRequest | OAuthError {
  const sent = {
    client_id: client.id,
    redirect_uri: client.metadata.redirectUris[0],
    response_type: "code",
    scope: "openid",
    state: "xyz",
    ...changes,
  };
  const parameters = new Map(Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return parseAuthorizationRequest(parameters, parseRedirection(parameters, client), {
    profile: "standard",
    requirePkce: false,
    ...rules,
  });
}

function accepted(...request: Parameters<typeof parse>): AuthorizationRequest {
  const parsed = parse(...request);
  if (parsed instanceof OAuthError) throw parsed;
  return parsed;
}

function errorCode(...request: Parameters<typeof parse>): string {
  const parsed = parse(...request);
  return parsed instanceof OAuthError ? parsed.code : "accepted";
}

describe("parseAuthorizationRequest", () => {
  test("gives the whole request in types", () => {
    const request = accepted({
      scope: "openid email",
      nonce: "n",
      code_challenge: challenge,
      code_challenge_method: "S256",
      prompt: "login consent",
      max_age: "600",
      login_hint: "ann@app.example",
      response_mode: "form_post",
    });
    expect(request).toEqual({
      client: confidential,
      redirectUri: "https://app.example/cb",
      responseMode: "form_post",
      responseType: "code",
      state: "xyz",
      scopes: ["openid", "email"],
      requestedScopes: ["openid", "email"],
      requestedClaims: noRequestedClaims,
      nonce: "n",
      codeChallenge: challenge,
      prompt: new Set(["login", "consent"]),
      maxAgeSeconds: 600,
      loginHint: "ann@app.example",
    });
  });

  test("has no member for what was not sent", () => {
    expect(accepted({ state: undefined })).toEqual({
      client: confidential,
      redirectUri: "https://app.example/cb",
      responseMode: "query",
      responseType: "code",
      scopes: ["openid"],
      requestedScopes: ["openid"],
      requestedClaims: noRequestedClaims,
      prompt: new Set(),
    });
  });

  test("ignores parameters that are not known", () => {
    expect(accepted({ ui_locales: "xx-invented", claims_locales: "-", unknown: "1", ["__proto__"]: "x" }).scopes).toEqual([
      "openid",
    ]);
  });

  test.each([
    [{ response_type: undefined }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ response_type: "CODE" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ response_mode: "web_message" }, "invalid_request"],
    [{ registration: "{}" }, "registration_not_supported"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ prompt: "create" }, "invalid_request"],
    [{ prompt: "login None" }, "invalid_request"],
    [{ max_age: "-1" }, "invalid_request"],
    [{ max_age: "1.5" }, "invalid_request"],
    [{ max_age: "1e3" }, "invalid_request"],
    [{ max_age: "soon" }, "invalid_request"],
    [{ max_age: "99999999999" }, "invalid_request"],
    [{ nonce: "n".repeat(1025) }, "invalid_request"],
    [{ display: "tv" }, "invalid_request"],
    [{ display: "PAGE" }, "invalid_request"],
    [{ claims: "x" }, "invalid_request"],
    [{ claims: '{"userinfo":[]}' }, "invalid_request"],
    [{ scope: undefined }, "invalid_scope"],
    [{ scope: "unknown" }, "invalid_scope"],
    [{ scope: 'openid "' }, "invalid_scope"],
    [{ code_challenge_method: "S256" }, "invalid_request"],
    [{ code_challenge: challenge.slice(1), code_challenge_method: "S256" }, "invalid_request"],
  ])("answers %j with %s", (changes, code) => {
    expect(errorCode(changes)).toBe(code);
  });

  test.each(["plain", "s256", undefined])("P5: the challenge method %s is invalid_request", (method) => {
    const pkce = { code_challenge: challenge, code_challenge_method: method };
    expect([errorCode(pkce), errorCode(pkce, single)]).toEqual(["invalid_request", "invalid_request"]);
  });

  test("P4: a public client without a challenge is invalid_request", () => {
    expect(errorCode({}, single)).toBe("invalid_request");
    expect(accepted({ code_challenge: challenge, code_challenge_method: "S256" }, single).codeChallenge).toBe(challenge);
  });

  test("P4: a tenant may require a challenge of confidential clients too", () => {
    const rules = { requirePkce: true };
    expect([errorCode({}, confidential, rules), errorCode({}, single, rules)]).toEqual(["invalid_request", "invalid_request"]);
    const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
    expect(accepted(pkce, confidential, rules).codeChallenge).toBe(challenge);
  });

  test("a client that is not registered for the code flow is unauthorized_client", () => {
    const withoutResponseType = { ...confidential, metadata: { ...confidential.metadata, responseTypes: [] } };
    const withoutGrant = { ...confidential, metadata: { ...confidential.metadata, grantTypes: ["client_credentials"] as const } };
    expect([errorCode({}, withoutResponseType), errorCode({}, withoutGrant)]).toEqual([
      "unauthorized_client",
      "unauthorized_client",
    ]);
  });

  test.each(["state", "scope", "code_challenge"])("the strict profile requires %s", (name) => {
    const complete = { code_challenge: challenge, code_challenge_method: "S256" };
    expect(errorCode(complete, confidential, { profile: "strict" })).toBe("accepted");
    expect(
      errorCode({ ...complete, code_challenge_method: undefined, [name]: undefined }, confidential, { profile: "strict" }),
    ).toBe("invalid_request");
    expect(errorCode({ ...complete, [name]: undefined }, confidential, { profile: "strict" })).toBe("invalid_request");
  });

  test.each([
    ["", []],
    ["none", ["none"]],
    ["  login  consent login ", ["login", "consent"]],
    ["select_account", ["select_account"]],
  ])("reads the prompt %j", (prompt, values) => {
    expect(accepted({ prompt }).prompt).toEqual(new Set(values));
  });

  test.each([
    ["0", 0],
    ["0007", 7],
    ["9999999999", 9_999_999_999],
  ])("reads max_age %s", (sent, seconds) => {
    expect(accepted({ max_age: sent }).maxAgeSeconds).toBe(seconds);
  });

  test.each(["a\u202eb", "x".repeat(255), "a\u0000b"])("a login hint that is no line of text is as good as none", (hint) => {
    expect(accepted({ login_hint: hint })).not.toHaveProperty("loginHint");
  });

  test.each(displays)("accepts the display %s", (display) => {
    expect(accepted({ display }).scopes).toEqual(["openid"]);
  });

  test("reads the claims that are asked for by name, and whom the request is about", () => {
    const claims = JSON.stringify({
      userinfo: { name: null },
      id_token: { sub: { value: "somebody" }, email: { essential: true }, acr: { essential: true, values: ["1", "2"] } },
    });
    expect(accepted({ claims })).toMatchObject({
      requestedClaims: { userinfo: ["name"], idToken: ["acr", "email"] },
      expectedSubjects: ["somebody"],
      requiredAcr: ["1", "2"],
    });
  });

  test("acr_values, and an acr that is not essential, ask for acr without requiring any", () => {
    for (const changes of [{ acr_values: "1 2" }, { claims: '{"id_token":{"acr":{"values":["1"]}}}' }]) {
      const request = accepted(changes);
      expect([request.requestedClaims.idToken, request.requiredAcr]).toEqual([["acr"], undefined]);
    }
    expect(accepted({ claims: '{"id_token":{"acr":{"essential":true}}}' })).not.toHaveProperty("requiredAcr");
  });

  test("a client's default_max_age and default_acr_values stand in where the request has none of its own", () => {
    const client = exampleClient({ defaultMaxAge: 60, defaultAcrValues: ["1"] });
    expect(accepted({}, client)).toMatchObject({ maxAgeSeconds: 60, requestedClaims: { idToken: ["acr"] } });
    expect(accepted({ max_age: "3600" }, client).maxAgeSeconds).toBe(3600);
    expect(accepted({ max_age: "0" }, client).maxAgeSeconds).toBe(0);
    expect(accepted({}, exampleClient({ defaultMaxAge: 0 })).maxAgeSeconds).toBe(0);
  });

  test("without the scope openid it is a request of OAuth alone: claims are ignored, whatever they are", () => {
    expect(accepted({ scope: "email", claims: "x" }).requestedClaims).toEqual(noRequestedClaims);
    const clientWithoutOpenId = exampleClient({ scope: "email" });
    expect(accepted({ scope: "openid email", claims: "x" }, clientWithoutOpenId).requestedClaims).toEqual(noRequestedClaims);
  });

  test("every error can be told in an error_description", () => {
    const word = fc.constantFrom(
      "",
      "none",
      "login",
      "code",
      "S256",
      "fragment",
      "-1",
      '"',
      "é",
      "openid",
      challenge,
      "x".repeat(3000),
    );
    const names = [
      "response_type",
      "response_mode",
      "prompt",
      "max_age",
      "scope",
      "nonce",
      "code_challenge",
      "code_challenge_method",
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), word), (changes) => {
        const parsed = parse(changes);
        // RFC 6749 section 4.1.2.1
        if (parsed instanceof OAuthError) expect(parsed.description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      }),
    );
  });
});

describe("the scopes that may be granted", () => {
  const custom = { scopes: [{ name: "orders", description: "See your orders", fields: ["customer"] }] };
  const offline = { grantTypes: ["authorization_code", "refresh_token"] };

  test.each([
    ["openid unknown email", {}, ["openid", "email"]],
    ["email openid email", {}, ["email", "openid"]],
    ["openid orders", custom, ["openid", "orders"]],
    ["openid orders", {}, ["openid"]],
    ["openid email profile", { scope: "openid profile" }, ["openid", "profile"]],
    ["openid reports:read", { scope: "openid reports:read" }, ["openid", "reports:read"]],
    ["openid orders email", { scope: "openid", ...custom }, ["openid", "orders"]],
    ["orders", custom, ["orders"]],
    ["openid offline_access", {}, ["openid"]],
    ["openid offline_access", offline, ["openid", "offline_access"]],
    ["openid offline_access", { scope: "openid", ...offline }, ["openid"]],
  ])("of %s a client with %j may be granted %j", (scope, draft, granted) => {
    const request = accepted({ scope }, exampleClient(draft));
    expect(request.scopes).toEqual(granted);
    expect(request.requestedScopes).toEqual([...new Set(scope.split(" "))]);
  });

  test.each([
    ["offline_access", {}],
    ["email", { scope: "openid" }],
    ["orders", {}],
  ])("nothing is left of %s for a client with %j: invalid_scope", (scope, draft) => {
    expect(errorCode({ scope }, exampleClient(draft))).toBe("invalid_scope");
  });
});
