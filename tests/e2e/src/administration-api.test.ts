import { gzipSync } from "node:zlib";
import { createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askAdministration, resultOf } from "./administration-request.ts";
import { type ApiReply, type ApiRequest, expectError, quickest, send } from "./api-request.ts";
import { askRegistration, documented } from "./registration-request.ts";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

function ask(method: string, path = "", request: Omit<ApiRequest, "method"> = {}): Promise<ApiReply> {
  return askAdministration(signet, method, path, request);
}

const moment = expect.any(Number);

describe("the administration token", () => {
  test("opens the API in X-Auth-Token and as a Bearer token", async () => {
    expect((await send(`${signet.url}/v1/workplaces`, { headers: { "X-Auth-Token": signet.adminToken } })).status).toBe(200);
    const bearer = { Authorization: `Bearer ${signet.adminToken}` };
    expect((await send(`${signet.url}/v1/workplaces/`, { headers: bearer })).status).toBe(200);
  });

  const requests: [string, string][] = [
    ["GET", ""],
    ["POST", ""],
    ["GET", "/default"],
    ["PATCH", "/default"],
    ["DELETE", "/default"],
    ["GET", "/default/oidc"],
    ["POST", "/default/oidc"],
    ["POST", "/default/oidc/token"],
    ["GET", "/default/users"],
    ["POST", "/default/users"],
    ["GET", "/default/users/00000000000000000000000000000000"],
    ["PATCH", "/default/users/00000000000000000000000000000000"],
    ["DELETE", "/default/users/00000000000000000000000000000000"],
  ];
  test.each(requests)("%s %s: 401 without it, 400 with it twice", async (method, path) => {
    const address = `${signet.url}/v1/workplaces${path}`;
    const { adminToken, registrationToken } = signet;
    const refused: Record<string, string>[] = [
      {},
      { "X-Auth-Token": "" },
      { "X-Auth-Token": "a wrong token" },
      { "X-Auth-Token": adminToken.slice(0, -1) },
      { "X-Auth-Token": registrationToken },
      { Authorization: `Bearer ${registrationToken}` },
      { Authorization: adminToken },
      { Authorization: `Basic ${Buffer.from(`admin:${signet.adminPassword}`).toString("base64")}` },
    ];
    for (const headers of refused) {
      const reply = await send(address, { method, headers });
      expectError(reply, 401, 1001);
      expect(reply.headers["www-authenticate"]).toBe('Bearer realm="signet"');
    }
    const both = { "X-Auth-Token": adminToken, Authorization: `Bearer ${adminToken}` };
    expectError(await send(address, { method, headers: both }), 400, 1000);
    expectError(await send(address, { method, headers: { "X-Auth-Token": [adminToken, adminToken] } }), 400, 1000);
  });
});

describe("workplaces", () => {
  const acme = () => ({
    name: "acme",
    issuer: `${signet.url}/acme`,
    branding: { name: "acme", logo_uri: "", accent_color: "", welcome_text: "" },
    created_at: moment,
  });

  /** Page by page to the empty cursor: other suites may have workplaces of their own at the same Signet. */
  async function everyWorkplace(): Promise<unknown[]> {
    const workplaces: unknown[] = [];
    let cursor = "";
    do {
      const page: { result: unknown[]; next_cursor: string } = JSON.parse((await ask("GET", `?cursor=${cursor}`)).text);
      workplaces.push(...page.result);
      cursor = page.next_cursor;
    } while (cursor !== "");
    return workplaces;
  }

  test("are created, read, listed, changed and deleted", async () => {
    expect(resultOf(await ask("POST", "", { body: { name: "acme" } }))).toStrictEqual(acme());
    expect(resultOf(await ask("GET", "/acme"))).toStrictEqual(acme());
    const listed = await everyWorkplace();
    expect(listed).toContainEqual(acme());
    expect(listed).toContainEqual(expect.objectContaining({ name: "default", issuer: signet.url }));
    expect((await send(`${signet.url}/acme/.well-known/openid-configuration`)).status).toBe(200);

    const branding = { name: "Acme", logo_uri: "https://acme.example/logo.svg", accent_color: "#1a73e8", welcome_text: "Hello" };
    expect(resultOf(await ask("PATCH", "/acme", { body: { branding } }))).toStrictEqual({ ...acme(), branding });
    const less = { ...branding, logo_uri: "", welcome_text: "" };
    const patch = { branding: { logo_uri: "", welcome_text: "" } };
    expect(resultOf(await ask("PATCH", "/acme", { body: patch }))).toStrictEqual({ ...acme(), branding: less });
    expect(resultOf(await ask("PATCH", "/acme", { body: {} }))).toStrictEqual({ ...acme(), branding: less });

    expect((await ask("DELETE", "/acme")).text).toBe('{"result":true}');
    for (const method of ["GET", "DELETE"]) expectError(await ask(method, "/acme"), 404, 1002);
    expect((await send(`${signet.url}/acme/.well-known/openid-configuration`)).status).toBe(404);
  });

  test("take settings and branding at their creation", async () => {
    const body = {
      name: "made-to-measure",
      settings: {
        collection: "staff",
        token_timeout: 60_000,
        refresh_tokens: "always",
        require_pkce: true,
        token: "t".repeat(40),
      },
      branding: { name: "Made to measure", accent_color: "#AABBCC" },
    };
    expect(resultOf(await ask("POST", "", { body }))).toMatchObject({ branding: { accent_color: "#aabbcc" } });
    expect(resultOf(await ask("GET", "/made-to-measure/oidc"))).toMatchObject(body.settings);
  });

  test("a name is given once, also of a hundred at the same time", async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => ask("POST", "", { body: { name: "contended" } })));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) expectError(reply, 409, 1003);
  });

  test("a successor of the same name has nothing of its predecessor's", async () => {
    const first = await createTenant(signet, "again");
    await askRegistration(first, "POST", "", { body: documented });
    await ask("POST", "/again/users", { body: { username: "alice" } });
    await ask("DELETE", "/again");
    const second = await createTenant(signet, "again");
    expect(resultOf(await ask("GET", "/again/users"))).toStrictEqual([]);
    expect((await askRegistration(second, "GET")).text).toBe("[]");
    expect(second.registrationToken).not.toBe(first.registrationToken);
  });

  test("default cannot be deleted", async () => {
    expectError(await ask("DELETE", "/default"), 400, 1004);
    expect((await ask("GET", "/default")).status).toBe(200);
  });

  const badNames = [
    "",
    "A",
    "a b",
    "-a",
    "a-",
    "a_b",
    "a/b",
    "..",
    "a.b",
    "ä",
    "a\u0000",
    "a\r\nb",
    "v1",
    "oauth2",
    "console",
    "a".repeat(64),
  ];
  test.each(badNames)("%j is no name: 1004", async (name) => {
    expectError(await ask("POST", "", { body: { name } }), 400, 1004, expect.stringContaining("name must be"));
    const path = encodeURIComponent(name);
    if (name !== "" && name !== "..") expectError(await ask("GET", `/${path}`), 404, 1002);
  });

  const badBodies: [string, object][] = [
    ["name is missing", {}],
    ["name must be a text", { name: 1 }],
    ["name must be a text", { name: { $ne: null } }],
    ["branding must be an object", { name: "bad", branding: "blue" }],
    ["branding.name must be a text", { name: "bad", branding: { name: null } }],
    ["accent_color", { name: "bad", branding: { accent_color: "red;}" } }],
    ["logo_uri", { name: "bad", branding: { logo_uri: "javascript:alert(1)" } }],
    ["welcome_text", { name: "bad", branding: { welcome_text: "a".repeat(301) } }],
    ["settings.token_timeout must be a whole number", { name: "bad", settings: { token_timeout: "1" } }],
  ];
  test.each(badBodies)("%s: 1004 for %j", async (message, body) => {
    expectError(await ask("POST", "", { body }), 400, 1004, expect.stringContaining(message));
    expectError(await ask("GET", "/bad"), 404, 1002);
  });

  test("other methods are told which there are", async () => {
    const reply = await ask("PUT", "/default", { body: {} });
    expectError(reply, 405, 1007);
    expect(reply.headers.allow).toBe("GET, PATCH, DELETE");
  });
});

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

describe("hostile bodies", () => {
  const nested = `${'{"a":'.repeat(100)}1${"}".repeat(100)}`;
  const json = { "Content-Type": "application/json" };
  const cases: [string, number, number, string | Buffer, Record<string, string | string[]>][] = [
    ["Q3: __proto__", 400, 1000, '{"__proto__":{"name":"polluted"}}', json],
    ["Q3: constructor", 400, 1000, '{"name":"x","branding":{"constructor":{}}}', json],
    ["Q4: nesting of 100", 400, 1000, nested, json],
    ["Q4: 1 MB", 413, 1008, Buffer.alloc(1_000_000, "a"), json],
    ["Q5: a form", 415, 1009, "name=x", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["Q5: no Content-Type", 415, 1009, "{}", {}],
    ["Q6: gzip", 415, 1009, gzipSync('{"name":"x"}'), { ...json, "Content-Encoding": "gzip" }],
    ["Q8: bad UTF-8", 400, 1000, Buffer.from([0x7b, 0xff, 0x7d]), json],
    ["no JSON", 400, 1000, "{", json],
    ["a list", 400, 1000, "[]", json],
  ];
  const writes: [string, string][] = [
    ["POST", ""],
    ["PATCH", "/default"],
    ["POST", "/default/oidc"],
    ["POST", "/default/users"],
    ["PATCH", "/default/users/00000000000000000000000000000000"],
  ];
  test.each(cases)("%s: %d, with %d, in less than 100 ms, at every address", async (_name, status, code, body, headers) => {
    for (const [method, path] of writes) {
      expectError(await ask(method, path, { body, headers }), status, code);
      expect(await quickest(() => ask(method, path, { body, headers }))).toBeLessThan(100);
    }
    expect({}).not.toHaveProperty("name");
  });
});
