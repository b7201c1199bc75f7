import { createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askAdministration, resultOf } from "./administration-request.ts";
import { type ApiReply, type ApiRequest, expectError } from "./api-request.ts";
import { askRegistration } from "./registration-request.ts";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

function ask(method: string, path = "", request: Omit<ApiRequest, "method"> = {}): Promise<ApiReply> {
  return askAdministration(signet, method, path, request);
}

describe("OIDC settings", () => {
  const usual = {
    collection: "users",
    token: expect.stringMatching(/^[\w-]{43}$/),
    token_timeout: 3_600_000,
    id_token_timeout: 3_600_000,
    refresh_timeout: 2_592_000_000,
    session_timeout: 86_400_000,
    refresh_tokens: "offline_access",
    require_pkce: false,
    dynamic_registration: {
      mode: "off",
      quota: 1000,
      open_client_lifetime: 7_776_000_000,
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_methods: [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none",
      ],
      scope: "openid profile email address phone offline_access",
      privileged_members: [],
      software_statements: "optional",
      software_statement_issuers: [],
    },
    policy_uri: "",
    tos_uri: "",
    service_documentation: "",
  };

  test("have defaults, and change in those members that are sent", async () => {
    await createTenant(signet, "settings");
    expect(resultOf(await ask("GET", "/settings/oidc"))).toStrictEqual(usual);
    const changes = { collection: "staff", token_timeout: 600_000, refresh_tokens: "always" };
    expect(resultOf(await ask("POST", "/settings/oidc", { body: changes }))).toStrictEqual({ ...usual, ...changes });
    expect(resultOf(await ask("POST", "/settings/oidc", { body: {} }))).toStrictEqual({ ...usual, ...changes });
    expect(resultOf(await ask("GET", "/settings/oidc"))).toStrictEqual({ ...usual, ...changes });
  });

  test("what was read can be sent back", async () => {
    await createTenant(signet, "round-trip");
    const read = resultOf(await ask("GET", "/round-trip/oidc"));
    expect(resultOf(await ask("POST", "/round-trip/oidc", { body: read }))).toStrictEqual(read);
  });

  test("a new token opens the registration API, and the old one no more", async () => {
    const old = await createTenant(signet, "renewed");
    const renewed = resultOf(await ask("POST", "/renewed/oidc/token"));
    expect(renewed).toStrictEqual(usual);
    expect(renewed.token).not.toBe(old.registrationToken);
    expectError(await askRegistration(old, "GET"), 401, 1001);
    expect((await askRegistration({ ...old, registrationToken: String(renewed.token) }, "GET")).status).toBe(200);
    expect(resultOf(await ask("GET", "/renewed/oidc"))).toStrictEqual(renewed);
  });

  test("a token of one's own takes the place of the old one", async () => {
    const old = await createTenant(signet, "own-token");
    const token = "an-administrators-own-token-0123456789";
    expect(resultOf(await ask("POST", "/own-token/oidc", { body: { token } }))).toStrictEqual({ ...usual, token });
    expectError(await askRegistration(old, "GET"), 401, 1001);
    expect((await askRegistration({ ...old, registrationToken: token }, "GET")).status).toBe(200);
  });

  const wrong: [string, object][] = [
    ["token_timeout", { token_timeout: 0 }],
    ["token_timeout", { token_timeout: -1 }],
    ["token_timeout", { token_timeout: 86_400_001 }],
    ["id_token_timeout", { id_token_timeout: 1.5 }],
    ["refresh_timeout", { refresh_timeout: "1000" }],
    ["session_timeout", { session_timeout: null }],
    ["session_timeout", { session_timeout: 1e300 }],
    ["refresh_tokens must be one of: offline_access, always", { refresh_tokens: "never" }],
    ["collection", { collection: "a b" }],
    ["collection", { collection: "" }],
    ["token must be", { token: "short" }],
    ["token must be", { token: `${"t".repeat(40)}\r\n` }],
  ];
  test.each(wrong)("%s: 1004 for %j, and nothing changes", async (message, body) => {
    const before = resultOf(await ask("GET", "/default/oidc"));
    const reply = await ask("POST", "/default/oidc", { body: { collection: "others", ...body } });
    expectError(reply, 400, 1004, expect.stringContaining(message));
    expect(resultOf(await ask("GET", "/default/oidc"))).toStrictEqual(before);
  });

  test("an unknown workplace has none", async () => {
    for (const [method, path] of [
      ["GET", "/oidc"],
      ["POST", "/oidc"],
      ["POST", "/oidc/token"],
    ] as const) {
      const request = method === "POST" ? { body: {} } : {};
      expectError(await ask(method, `/nowhere${path}`, request), 404, 1002);
      expectError(await ask(method, `/Not-A-Name${path}`, request), 404, 1002);
    }
  });
});
