import {
  type Application,
  authorizationUrl,
  newApplication,
  type RawReply,
  type RawRequest,
  rawRequest,
  type Signet,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectErrorPage, expectNoInsights, granted, outcome, post } from "./outcomes.ts";
import { promptly } from "./promptly.ts";

let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet);
});
afterAll(() => signet.stop());

afterEach(async () => {
  const normal = tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
  expect(await outcome(normal), "a normal request is served afterwards").toEqual(granted);
});

/** The answer, which came in time, tells nothing of Signet's inside, and has no header that the request wrote. */
async function send(request: RawRequest): Promise<RawReply> {
  const reply = await promptly(100, () => rawRequest(signet.url, request));
  expectNoInsights(reply.body);
  expect(reply.headers.map(([name]) => name)).not.toContain("x-injected");
  return reply;
}

const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

/** Percent-encoded: control characters, line breaks that would begin a header, and what is no UTF-8. */
const hostile = [
  "%00",
  "a%00b",
  "%0d%0aX-Injected:%201",
  "%0aX-Injected:%201",
  "%0d",
  "%1b[31m",
  "%7f",
  "%ff",
  "%c0%af",
  "%c0%80",
  "%e2%82",
  "%ed%a0%80",
  "%f5%80%80%80",
  "%",
  "%a",
  "%zz",
  "%u0041",
];

describe("Q8: NUL, line breaks and bad UTF-8", () => {
  test.each(hostile)("Q8: %s in any parameter of an authorization request is answered by a page", async (value) => {
    for (const name of ["state", "scope", "nonce", "client_id", "redirect_uri", "login_hint", "unknown"]) {
      const url = authorizationUrl(signet.url, application.client, { [name]: undefined });
      expectErrorPage(await application.agent.open(`${url}&${name}=${value}`));
      const byPost = await post(
        application.agent,
        `${signet.url}/oauth2/v1/auth`,
        `${new URL(url).search.slice(1)}&${name}=${value}`,
      );
      expect([name, byPost.status, byPost.headers.get("Location")]).toEqual([name, 400, null]);
    }
  });

  test.each(hostile)("Q8: %s in any parameter of a token request is invalid_request", async (value) => {
    const { client_id, client_secret } = application.client;
    const authorization = ["Authorization", `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`] as const;
    for (const name of ["code", "scope", "refresh_token", "code_verifier", "redirect_uri", "unknown"]) {
      const body = `grant_type=client_credentials&${name}=${value}`;
      const reply = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form, authorization], body });
      expect([name, reply.status, JSON.parse(reply.body).error]).toEqual([name, 400, "invalid_request"]);
    }
  });

  test.each(hostile)("Q8: %s in the sign-in form signs nobody in", async (value) => {
    const { agent } = await newApplication(signet);
    const page = await agent.open(`${signet.url}/`);
    const csrf = /name="csrf_token" value="([^"]*)"/.exec(page.html)?.[1] ?? "";
    const reply = await post(agent, page.url, `csrf_token=${csrf}&username=admin&password=${value}`);
    expect([reply.status, reply.headers.get("Location")]).toEqual([400, null]);
    expectNoInsights(await reply.text());
  });

  test.each(hostile)("Q8: %s in a query of the APIs is 400", async (value) => {
    const administrator = ["X-Auth-Token", signet.adminToken] as const;
    const registrar = ["Authorization", `Bearer ${signet.registrationToken}`] as const;
    const lists = [
      await send({ target: `/v1/workplaces?cursor=${value}`, headers: [administrator] }),
      await send({ target: `/v1/workplaces?limit=${value}`, headers: [administrator] }),
      await send({ target: `/v1/oidc/default/registration?cursor=${value}`, headers: [registrar] }),
    ];
    expect(lists.map(({ status }) => status)).toEqual([400, 400, 400]);
    const one = await send({ target: `/v1/oidc/default/registration?client_id=${value}`, headers: [registrar] });
    expect([400, 404]).toContain(one.status);
  });

  test.each(hostile)("Q8: %s in a path finds nothing", async (value) => {
    for (const target of [
      `/${value}`,
      `/${value}/oauth2/v1/certs`,
      `/oauth2/v1/certs${value}`,
      `/sign-in/${value}`,
      `/oauth2/v1/register/${value}`,
      `/oauth2/v1/initiate?client_id=${value}`,
      `/v1/workplaces/${value}/oidc/initial-access-tokens`,
      `/v1/workplaces/${value}`,
      `/v1/oidc/${value}/registration`,
      `/.well-known/openid-configuration/${value}`,
    ]) {
      const headers = [["X-Auth-Token", signet.adminToken] as const];
      const reply = await send({ target, headers });
      expect([target, reply.status >= 400 && reply.status < 500]).toEqual([target, true]);
    }
  });

  test("Q8: a name that comes back in an error or a challenge splits no header", async () => {
    const name = "a%0d%0aX-Injected:%201%22";
    const twice = `${name}=1&${name}=2`;
    const userinfo = await send({ method: "POST", target: "/oauth2/v1/userinfo", headers: [form], body: twice });
    expect([userinfo.status, userinfo.header("WWW-Authenticate")]).toEqual([400, expect.stringContaining("a??X-Injected:?1?")]);
    const token = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form], body: twice });
    expect([token.status, JSON.parse(token.body).error]).toEqual([400, "invalid_request"]);
  });

  test("Q8: raw bytes that are no UTF-8 are 400 in every body", async () => {
    const admin = ["X-Auth-Token", signet.adminToken] as const;
    const json = ["Content-Type", "application/json"] as const;
    for (const bad of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      const token = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form], body: bytes("a=", ...bad) });
      const body = bytes('{"name":"x', ...bad, '"}');
      const api = await send({ method: "POST", target: "/v1/workplaces", headers: [admin, json], body });
      expect([token.status, api.status]).toEqual([400, 400]);
    }
    const nul = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form], body: bytes("a=", 0) });
    expect(nul.status).toBe(400);
  });

  test("Q8: a byte outside ASCII in a request line is refused: it has no meaning there (RFC 3986 section 2)", async () => {
    const url = new URL(authorizationUrl(signet.url, application.client, { state: undefined }));
    for (const state of ["é", "\u{1f600}", "\u0080"]) {
      const reply = await send({ target: `${url.pathname}${url.search}&state=${state}` });
      expect([state, reply.status, reply.header("Location")]).toEqual([state, 400, undefined]);
    }
  });

  test.each([
    { client_name: "a\u0000b" },
    { client_name: "a\nb" },
    { client_name: "a\u202eb" },
    { contacts: ["a\r\nBcc: b@example.com"] },
    { scope: "a\u0000" },
    { scopes: [{ name: "a\nb", desc: "", fields: [] }] },
    { scopes: [{ name: "a", desc: "a\u0007", fields: [] }] },
    { logo_uri: "https://app.example/\r\nX-Injected: 1" },
    { client_name: "\ud800" },
  ])("Q8: the client %j is not registered", async (metadata) => {
    const headers = [
      ["Authorization", `Bearer ${signet.registrationToken}`],
      ["Content-Type", "application/json"],
    ] as const;
    const body = JSON.stringify({ redirect_uris: ["https://app.example/"], ...metadata });
    const reply = await send({ method: "POST", target: "/v1/oidc/default/registration", headers, body });
    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([400, { error_code: expect.any(Number), more_info: "" }]);
  });

  test.each(["a\u0000", "a\r\nX-Injected: 1", "a\u200b", "\ud800", "a b\u2028"])("Q8: nobody is called %j", async (username) => {
    const headers = [
      ["X-Auth-Token", signet.adminToken],
      ["Content-Type", "application/json"],
    ] as const;
    const body = JSON.stringify({ username });
    expect((await send({ method: "POST", target: "/v1/workplaces/default/users", headers, body })).status).toBe(400);
  });
});

describe("a request that two servers could read in two ways is refused", () => {
  const body = "grant_type=client_credentials";
  test.each<[string, RawRequest["headers"]]>([
    [
      "two lengths",
      [
        ["Content-Length", "5"],
        ["Content-Length", "29"],
      ],
    ],
    [
      "a length and chunks",
      [
        ["Content-Length", "29"],
        ["Transfer-Encoding", "chunked"],
      ],
    ],
    [
      "chunks, twice",
      [
        ["Transfer-Encoding", "chunked"],
        ["Transfer-Encoding", "identity"],
      ],
    ],
    ["a length that is no number", [["Content-Length", "29x"]]],
    ["a negative length", [["Content-Length", "-1"]]],
    ["a space before the colon", [["Content-Length ", "29"]]],
    ["a NUL in a header", [["X-Any", "a\0b"]]],
    ["a bare line break in a header", [["X-Any", "a\nX-Injected: 1"]]],
    ["a bare carriage return in a header", [["X-Any", "a\rX-Injected: 1"]]],
    ["a space in the path", []],
  ])("Q8: %s", async (what, headers = []) => {
    const target = what === "a space in the path" ? "/oauth2/v1/token X" : "/oauth2/v1/token";
    const reply = await send({ method: "POST", target, headers: [form, ...headers], body });
    expect(reply.status).toBe(400);
  });
});

test.each(["a=\u00ff", "=", ";;;;", "a", 'a="b', "\t", "signet_session=", "a=b, c=d", "%00=%00"])(
  "the cookie header %j is as good as none",
  async (cookie) => {
    const url = new URL(authorizationUrl(signet.url, application.client, { prompt: "none" }));
    const reply = await send({ target: `${url.pathname}${url.search}`, headers: [["Cookie", cookie]] });
    expect([reply.status, reply.header("Location")]).toEqual([302, expect.stringContaining("error=login_required")]);
  },
);
