import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
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
import { expectNoInsights, granted, outcome } from "./outcomes.ts";
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

/** The answer, which came in time and tells nothing of Signet's inside. */
async function send(request: RawRequest): Promise<RawReply> {
  const reply = await promptly(100, () => rawRequest(signet.url, request));
  expectNoInsights(reply.body);
  return reply;
}

const megabyte = 1024 * 1024;
const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
const json = ["Content-Type", "application/json"] as const;
const chunked = ["Transfer-Encoding", "chunked"] as const;
const inChunks = (body: string) =>
  (body.match(/.{1,16384}/gs) ?? []).map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");

/** Every place that reads a body, with what it takes to get as far as that. */
const readers = (): readonly RawRequest[] => [
  { target: "/oauth2/v1/token", headers: [form] },
  { target: "/oauth2/v1/auth", headers: [form] },
  { target: "/oauth2/v1/userinfo", headers: [form] },
  { target: "/oauth2/v1/introspect", headers: [form] },
  { target: "/oauth2/v1/revoke", headers: [form] },
  { target: "/oauth2/v1/register", headers: [json] },
  { target: "/sign-out", headers: [form] },
  { target: "/v1/workplaces", headers: [json, ["X-Auth-Token", signet.adminToken]] },
  { target: "/v1/workplaces/default/oidc/initial-access-tokens", headers: [json, ["X-Auth-Token", signet.adminToken]] },
  { target: "/v1/workplaces/default/users", headers: [json, ["X-Auth-Token", signet.adminToken]] },
  { target: "/v1/oidc/default/registration", headers: [json, ["Authorization", `Bearer ${signet.registrationToken}`]] },
];

describe("Q4: more than anybody needs", () => {
  test("Q4: a body of 1 MB is 413, whether its length is told or it comes in chunks", async () => {
    const body = `a=${"x".repeat(megabyte)}`;
    for (const { target, headers = [] } of readers()) {
      expect([target, (await send({ method: "POST", target, headers, body })).status]).toEqual([target, 413]);
      const request = { method: "POST", target, headers: [...headers, chunked], body: `${inChunks(body)}0\r\n\r\n` };
      expect([target, "in chunks", (await send(request)).status]).toEqual([target, "in chunks", 413]);
    }
  });

  test("Q4: one that claims to be large is 413 before any of it was read", async () => {
    for (const { target, headers = [] } of readers()) {
      const reply = await send({ method: "POST", target, headers: [...headers, ["Content-Length", String(2 ** 40)]] });
      expect([target, reply.status]).toEqual([target, 413]);
    }
  });

  test("Q4: 10,000 parameters are refused, in a body and as an array", async () => {
    for (const body of ["a[]=&".repeat(10_000), Array.from({ length: 5_000 }, (_, index) => `p${index}=1`).join("&")]) {
      const token = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form], body });
      expect([token.status, JSON.parse(token.body).error]).toEqual([400, "invalid_request"]);
      const userinfo = await send({ method: "POST", target: "/oauth2/v1/userinfo", headers: [form], body });
      expect([userinfo.status, JSON.parse(userinfo.body).error]).toEqual([400, "invalid_request"]);
      const page = await send({ method: "POST", target: "/oauth2/v1/auth", headers: [form], body });
      expect([page.status, page.header("Content-Type")]).toEqual([400, "text/html; charset=utf-8"]);
    }
  });

  test("Q4: JSON that is 100 levels deep, or as deep as fits, is refused", async () => {
    const nested = (depth: number) => [
      `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
      `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`,
    ];
    for (const { target, headers = [] } of readers().filter((reader) => reader.headers?.includes(json))) {
      for (const body of [...nested(100), ...nested(10_000)]) {
        const reply = await send({ method: "POST", target, headers, body });
        const { error_code, error = "invalid_request" } = JSON.parse(reply.body);
        const expected = target === "/oauth2/v1/register" ? undefined : 1000;
        expect([target, reply.status, error_code, error]).toEqual([target, 400, expected, "invalid_request"]);
      }
    }
  });

  test("Q4: a list or an object of thousands is refused", async () => {
    const headers = [json, ["Authorization", `Bearer ${signet.registrationToken}`] as const];
    const uris = Array.from({ length: 2_000 }, (_, index) => `https://a.example/${index}`);
    for (const body of [{ redirect_uris: uris }, { contacts: uris }, { scopes: uris.map((name) => ({ name })) }]) {
      const reply = await send({ method: "POST", target: "/v1/oidc/default/registration", headers, body: JSON.stringify(body) });
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      const dynamic = await send({ method: "POST", target: "/oauth2/v1/register", headers: [json], body: JSON.stringify(body) });
      expect([400, 403, 413]).toContain(dynamic.status);
    }
  });

  test("Q4: a request line or headers beyond 16 kB are refused", async () => {
    const long = "x".repeat(20_000);
    const requests: readonly RawRequest[] = [
      { target: `/oauth2/v1/auth?state=${long}` },
      { target: `/${long}` },
      { target: "/oauth2/v1/userinfo", headers: [["Authorization", `Bearer ${long}`]] },
      { target: "/", headers: [["Cookie", `a=${long}`]] },
    ];
    for (const request of requests) expect((await send(request)).status).toBe(431);
    const many = Array.from({ length: 3_000 }, (_, index) => [`X-${index}`, "1"] as const);
    expect((await send({ target: "/", headers: many })).status).toBeGreaterThanOrEqual(400);
  });

  test("Q4: an authorization request beyond 16 kB, a state beyond 2 kB and a nonce beyond 1 kB are refused", async () => {
    const { agent, client } = application;
    const body = new URL(authorizationUrl(signet.url, client, { unknown: "x".repeat(17_000) })).search.slice(1);
    expect((await send({ method: "POST", target: "/oauth2/v1/auth", headers: [form], body })).status).toBe(400);
    const longState = await agent.open(authorizationUrl(signet.url, client, { state: "x".repeat(2_049) }));
    expect([longState.status, longState.callback]).toEqual([400, undefined]);
    const longNonce = await agent.open(authorizationUrl(signet.url, client, { nonce: "x".repeat(1_025) }));
    expect(longNonce.callback?.searchParams.get("error")).toBe("invalid_request");
    const atTheLimits = { state: "s".repeat(2_048), nonce: "n".repeat(1_024) };
    expect((await agent.open(authorizationUrl(signet.url, client, atTheLimits))).heading).toBe("Sign in");
  });
});

describe("Q6: a compressed body", () => {
  const zeros = Buffer.alloc(10 * megabyte, "a");
  test.each([
    ["gzip", gzipSync(zeros)],
    ["x-gzip", gzipSync(zeros)],
    ["deflate", deflateSync(zeros)],
    ["br", brotliCompressSync(zeros)],
    ["gzip, gzip", gzipSync(gzipSync(zeros))],
    ["GZIP", gzipSync("grant_type=client_credentials")],
    ["unknown", Buffer.from("grant_type=client_credentials")],
  ])("Q6: by %s is 415 wherever a body is read", async (encoding, body) => {
    for (const { target, headers = [] } of readers()) {
      const reply = await send({ method: "POST", target, headers: [...headers, ["Content-Encoding", encoding]], body });
      expect([target, reply.status]).toEqual([target, 415]);
    }
  });

  test("Q6: a transfer coding other than chunked is refused", async () => {
    for (const coding of ["gzip, chunked", "gzip", "identity"]) {
      const headers = [form, ["Transfer-Encoding", coding] as const];
      const reply = await send({ method: "POST", target: "/oauth2/v1/token", headers, body: "a=b" });
      expect([coding, reply.status]).toEqual([coding, 400]);
    }
  });
});

describe("Q7: a scope of thousands of values", () => {
  const scopes = (count: number) => Array.from({ length: count }, (_, index) => index.toString(36)).join("+");
  test("Q7: 100,000 scopes are 413, since no body is as large", async () => {
    for (const target of ["/oauth2/v1/token", "/oauth2/v1/auth"]) {
      const body = `grant_type=client_credentials&scope=${scopes(100_000)}`;
      expect([target, (await send({ method: "POST", target, headers: [form], body })).status]).toEqual([target, 413]);
    }
  });

  test("Q7: as many as fit are 400", async () => {
    const { client_id, client_secret } = application.client;
    const authorization = ["Authorization", `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`] as const;
    for (const scope of [scopes(15_000), "a+".repeat(30_000), "+".repeat(60_000)]) {
      const body = `grant_type=client_credentials&scope=${scope}`;
      const reply = await send({ method: "POST", target: "/oauth2/v1/token", headers: [form, authorization], body });
      expect([reply.status, JSON.parse(reply.body).error]).toEqual([400, "invalid_scope"]);
    }
    const query = new URL(authorizationUrl(signet.url, application.client, { scope: undefined })).search.slice(1);
    const page = await send({
      method: "POST",
      target: "/oauth2/v1/auth",
      headers: [form],
      body: `${query}&scope=${scopes(15_000)}`,
    });
    expect(page.status).toBe(400);
    const redirect = await send({
      method: "POST",
      target: "/oauth2/v1/auth",
      headers: [form],
      body: `${query}&scope=${scopes(2_000)}`,
    });
    expect([redirect.status, redirect.header("Location")]).toEqual([303, expect.stringContaining("error=invalid_scope")]);
  });

  test("Q7: so they are at registration", async () => {
    const headers = [json, ["Authorization", `Bearer ${signet.registrationToken}`] as const];
    const body = JSON.stringify({ redirect_uris: ["https://app.example/"], scope: "a ".repeat(30_000) });
    expect((await send({ method: "POST", target: "/v1/oidc/default/registration", headers, body })).status).toBe(400);
  });
});
