import { gzipSync } from "node:zlib";
import { administer, createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiReply, type ApiRequest, expectError, quickest, visible } from "./api-request.ts";
import { askRegistration, documented, type Workplace } from "./registration-request.ts";

let signet: Signet;
let workplace: Workplace;
let other: Workplace;
/** Of a client of `workplace`. */
let clientId: string;
beforeAll(async () => {
  signet = await startSignet();
  workplace = await createTenant(signet, "refusing");
  other = await createTenant(signet, "refusing-other");
  clientId = JSON.parse((await ask("POST", "", { body: documented })).text).client_id;
});
afterAll(() => signet.stop());

function ask(method: string, query = "", request: Omit<ApiRequest, "method"> = {}): Promise<ApiReply> {
  return askRegistration(workplace, method, query, request);
}

describe("T1: a token at another workplace is answered as at one that does not exist", () => {
  const requests: [string, string, object | undefined][] = [
    ["GET", "", undefined],
    ["GET", "?client_id=", undefined],
    ["GET", "?client_id=CLIENT", undefined],
    ["GET", "?client_id=000000000000000000000000", undefined],
    ["GET", "?limit=0", undefined],
    ["POST", "", documented],
    ["POST", "", { redirect_uris: 1 }],
    ["POST", "?client_id=CLIENT", { client_name: "Mine" }],
    ["DELETE", "", undefined],
    ["DELETE", "?client_id=CLIENT", undefined],
    ["PUT", "?client_id=CLIENT", documented],
    ["PATCH", "", documented],
    ["HEAD", "", undefined],
  ];
  test.each(requests)("%s %s %j", async (method, query, body) => {
    const request = body === undefined ? {} : { body };
    const registrationToken = other.registrationToken;
    const replies = [];
    for (const name of [workplace.name, "nowhere", "Not-A-Name", "v1", "a%00b", "%2e%2e", "a".repeat(64)]) {
      replies.push(
        await askRegistration({ ...workplace, name, registrationToken }, method, query.replace("CLIENT", clientId), request),
      );
    }
    const [first, ...others] = replies.map(visible);
    expect(first).toMatchObject({ status: ["PUT", "PATCH"].includes(method) ? 405 : 401 });
    for (const reply of others) expect(reply).toStrictEqual(first);
    expect((await ask("GET", `?client_id=${clientId}`)).status).toBe(200);
  });
});

describe("credentials", () => {
  test.each([
    ["none", {}],
    ["an empty header", { Authorization: "" }],
    ["an empty token", { Authorization: "Bearer " }],
    ["a wrong token", { Authorization: `Bearer ${"x".repeat(43)}` }],
    ["another scheme", { Authorization: "Basic YTpi" }],
    ["two words", { Authorization: "Bearer a b" }],
    ["a very long token", { Authorization: `Bearer ${"x".repeat(8000)}` }],
    ["a token in the administration API's header", { "X-Auth-Token": "TOKEN" }],
  ])("%s: 401", async (_name, headers: Record<string, string>) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace("TOKEN", workplace.registrationToken)]);
    const reply = await askRegistration(workplace, "GET", "", { headers: { Authorization: [], ...Object.fromEntries(sent) } });
    expectError(reply, 401, 1001);
    expect(reply.headers["www-authenticate"]).toBe('Bearer realm="signet"');
  });

  test("the administration token opens no registration API", async () => {
    expectError(await ask("GET", "", { headers: { Authorization: `Bearer ${signet.adminToken}` } }), 401, 1001);
  });

  test("Q12: two Authorization headers: 400", async () => {
    const token = `Bearer ${workplace.registrationToken}`;
    expectError(await ask("GET", "", { headers: { Authorization: [token, token] } }), 400, 1000);
  });

  test("Q12: a token in the query is none", async () => {
    const reply = await askRegistration(workplace, "GET", `?access_token=${workplace.registrationToken}`, {
      headers: { Authorization: [] },
    });
    expectError(reply, 401, 1001);
  });

  test("G3: the token of a deleted workplace opens nothing, nor the one of its successor of the same name", async () => {
    const first = await createTenant(signet, "short-lived");
    await askRegistration(first, "POST", "", { body: documented });
    await administer(signet, "DELETE", "/short-lived");
    expectError(await askRegistration(first, "GET"), 401, 1001);
    const second = await createTenant(signet, "short-lived");
    expectError(await askRegistration(first, "GET"), 401, 1001);
    expect(await askRegistration(second, "GET")).toMatchObject({ status: 200, text: "[]" });
  });
});

describe("query parameters", () => {
  test.each([
    ["Q1: client_id twice", "?client_id=CLIENT&client_id=CLIENT", "the parameter client_id was sent more than once"],
    ["Q1: limit twice", "?limit=1&limit=2", "the parameter limit was sent more than once"],
    ["an empty client_id", "?client_id=", "the query parameter client_id has no value"],
    ["client_id without a value", "?client_id", "the query parameter client_id has no value"],
    ["Q8: a NUL", "?client_id=%00", expect.stringContaining("not allowed")],
    ["Q8: a line break", "?client_id=a%0d%0aX-Injected:%201", expect.stringContaining("not allowed")],
    ["Q8: bad UTF-8", "?client_id=%ff%fe", expect.stringContaining("UTF-8")],
    ["Q4: too many", `?${"a[]=1&".repeat(1000)}`, expect.any(String)],
  ])("%s: 400, whatever the method", async (_name, query, message) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const body = method === "POST" ? { body: documented } : {};
      const reply = await ask(method, query.replaceAll("CLIENT", clientId), body);
      expectError(reply, 400, 1000, message);
      expect(reply.headers).not.toHaveProperty("x-injected");
    }
  });

  test.each([
    "?client_id=x",
    "?client_id[$ne]=x&client_id=000000000000000000000000",
    "?client_id=CLIENT%20",
    "?client_id=../acme",
  ])("%s is no client: 404", async (query) => {
    expectError(await ask("GET", query.replace("CLIENT", clientId)), 404, 1002);
  });

  test("the client of another workplace is as unknown as any", async () => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const request = method === "POST" ? { body: documented } : {};
      const foreign = await askRegistration(other, method, `?client_id=${clientId}`, request);
      const unknown = await askRegistration(other, method, `?client_id=${"0".repeat(24)}`, request);
      expectError(foreign, 404, 1002);
      expect(visible(foreign)).toStrictEqual(visible(unknown));
    }
  });

  test("deleting needs to say which client", async () => {
    expectError(await ask("DELETE"), 400, 1000, "the query parameter client_id is missing");
  });
});

test("1007: other methods are told which there are", async () => {
  for (const method of ["PUT", "PATCH"]) {
    const reply = await ask(method, "", { body: documented });
    expectError(reply, 405, 1007);
    expect(reply.headers.allow).toBe("GET, POST, DELETE");
  }
});

describe("bodies", () => {
  const post = (body: string | Buffer | object, headers = {}) => ask("POST", "", { body, headers });
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

  test.each([
    ["Q5: a form", "a=b", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["Q5: multipart", "--x--", { "Content-Type": "multipart/form-data; boundary=x" }],
    ["Q5: text", "{}", { "Content-Type": "text/plain" }],
    ["no Content-Type", "{}", { "Content-Type": [] }],
    ["Q6: gzip", gzipSync(JSON.stringify(documented)), { "Content-Encoding": "gzip" }],
    ["Q6: a gzip bomb", gzipSync(Buffer.alloc(10_000_000)), { "Content-Encoding": "gzip" }],
  ])("%s: 415", async (_name, body, headers) => {
    expectError(await post(body, headers), 415, 1009);
  });

  test("a charset beside the media type is no other media type", async () => {
    expect((await post(documented, { "Content-Type": "application/json; charset=utf-8" })).status).toBe(200);
  });

  test.each([
    ["Q4: 1 MB", Buffer.alloc(1_000_000, "a")],
    ["Q7: 100,000 scopes", JSON.stringify({ ...documented, scope: "a ".repeat(100_000) })],
    ["Q4: one byte more than allowed", `{"a":"${"a".repeat(65_536 - 7)}"}`],
  ])("%s: 413 in less than 100 ms", async (_name, body) => {
    expectError(await post(body), 413, 1008);
    expect(await quickest(() => post(body))).toBeLessThan(100);
  });

  test.each([
    ["Q4: nesting of 100", nested(100), expect.stringContaining("levels deep")],
    ["Q4: nesting of 10,000", nested(10_000), expect.stringContaining("levels deep")],
    ["Q3: __proto__", `{"__proto__":{"polluted":true}}`, expect.stringContaining("__proto__")],
    ["Q3: constructor, deep inside", `{"scopes":[{"constructor":{"prototype":{}}}]}`, expect.stringContaining("constructor")],
    ["Q8: bad UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), expect.stringContaining("UTF-8")],
    ["Q8: a NUL outside of a text", "{}\0", "the body must be JSON"],
    ["half an object", `{"client_name":`, "the body must be JSON"],
    ["a list", "[]", "the body must be a JSON object"],
    ["null", "null", "the body must be a JSON object"],
    ["a text", `"{}"`, "the body must be a JSON object"],
  ])("%s: 400 in less than 100 ms", async (_name, body, message) => {
    expectError(await post(body), 400, 1000, message);
    expect(await quickest(() => post(body))).toBeLessThan(100);
  });

  test("Q3: the prototype of all objects stays clean", async () => {
    await post(`{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`);
    expect({}).not.toHaveProperty("polluted");
  });

  const wrongTypes: [string, object][] = [
    ["redirect_uris must be a list", { redirect_uris: "http://localhost" }],
    ["redirect_uris[0] must be a text", { redirect_uris: [{}] }],
    ["client_name must be a text", { client_name: { $ne: null } }],
    ["client_name must be a text", { client_name: null }],
    ["scopes[0].name must be a text", { scopes: [{ name: ["roles"] }] }],
    ["contacts must have at most 100 entries", { contacts: Array.from({ length: 101 }, () => "a") }],
    ["client_secret_expires_at must not be negative", { client_secret_expires_at: -1 }],
    ["client_secret_expires_at must be a whole number", { client_secret_expires_at: 0.5 }],
    ["client_secret_expires_at must be a whole number", { client_secret_expires_at: "0" }],
    ["generate_token must be true or false", { generate_token: "true" }],
    ["refresh_tokens must be one of: offline_access, always", { refresh_tokens: "never" }],
  ];
  test.each(wrongTypes)("1004: %s", async (message, members) => {
    expectError(await post({ ...documented, ...members }), 400, 1004, message);
    expectError(await ask("POST", `?client_id=${clientId}`, { body: members }), 400, 1004, message);
  });

  const badMetadata: object[] = [
    { application_type: "desktop" },
    { response_types: ["token"] },
    { grant_types: ["implicit"] },
    { grant_types: ["refresh_token"] },
    { grant_types: ["authorization_code", "client_credentials"], token_endpoint_auth_method: "none" },
    { token_endpoint_auth_method: "private_key_jwt" },
    { id_token_signed_response_alg: "none" },
    { id_token_signed_response_alg: "HS256" },
    { access_token_format: "xml" },
    { scope: "a\u0000b" },
    { client_name: "a\nb" },
    { client_name: "a\u0000b" },
    { client_name: "\u202egro.live" },
    { client_name: "too long, ".repeat(21) },
    { client_secret_expires_at: 2 ** 50 },
    { contacts: ["a\r\nb"] },
    { logo_uri: "javascript:alert(1)" },
    { logo_uri: "data:image/png;base64,AAAA" },
    { logo_uri: 'https://a.example/"><script>' },
    { policy_uri: "http://a.example/" },
    { tos_uri: "https://user@a.example/" },
    { scopes: [{ name: "openid", desc: "", fields: [] }] },
    { scopes: [{ name: "a b", desc: "", fields: [] }] },
    {
      scopes: [
        { name: "a", desc: "", fields: [] },
        { name: "a", desc: "", fields: [] },
      ],
    },
    { scopes: [{ name: "a", desc: "", fields: ["password"] }] },
    { scopes: [{ name: "a", desc: "", fields: ["sub"] }] },
    { scopes: [{ name: "a", desc: "", fields: ["__proto__"] }] },
  ];
  test.each(badMetadata)("1005: %j", async (members) => {
    expectError(await post({ ...documented, ...members }), 400, 1005);
    expectError(await ask("POST", `?client_id=${clientId}`, { body: members }), 400, 1005);
  });

  test("1005: a public client has no secret to renew", async () => {
    const body = { ...documented, token_endpoint_auth_method: "none" };
    const { client_id } = JSON.parse((await post(body)).text);
    expectError(await ask("POST", `?client_id=${client_id}`, { body: { generate_token: true } }), 400, 1005);
  });

  const badUris: [string, string][] = [
    ["R3", "http://localhost.evil.test/"],
    ["R3", "http://127.0.0.1@evil.test/"],
    ["R6", "javascript:alert(1)"],
    ["R6", "data:text/html,x"],
    ["R7", "https://a.example/#fragment"],
    ["R7", "https://user:secret@a.example/"],
    ["R7", "https://*.a.example/"],
    ["R7", "https://a.example/*"],
    ["R7", "https://a.example\\@evil.test/"],
    ["R7", "https://a.example/\r\nX-Injected: 1"],
    ["R5", "https://a.example/?code=x"],
    ["R2", "https://a.example/a/..;/b"],
    ["plain http", "http://a.example/"],
    ["no host", "https:///path"],
    ["relative", "/callback"],
    ["empty", ""],
    ["Q10", `https://a.example/${"%61".repeat(600)}%`],
  ];
  test.each(badUris)("%s: the redirect URI %j is refused: 1006", async (_id, uri) => {
    expectError(await post({ ...documented, redirect_uris: [uri] }), 400, 1006);
    expectError(await post({ ...documented, post_logout_redirect_uris: [uri] }), 400, 1006);
    expectError(await ask("POST", `?client_id=${clientId}`, { body: { redirect_uris: [uri] } }), 400, 1006);
    expect(await quickest(() => post({ ...documented, redirect_uris: [uri] }))).toBeLessThan(100);
  });

  test("1006: a client of the code flow needs a redirect URI", async () => {
    expectError(await post({}), 400, 1006);
    expectError(await post(""), 400, 1006);
  });

  test("nothing that was refused was registered, and the server goes on serving", async () => {
    const before = JSON.parse((await ask("GET")).text).length;
    await post({ ...documented, redirect_uris: ["javascript:alert(1)"] });
    await post(`{"__proto__":1}`);
    expect(JSON.parse((await ask("GET")).text)).toHaveLength(before);
  });
});
