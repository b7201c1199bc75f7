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
