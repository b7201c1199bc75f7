import {
  type Application,
  authorizationUrl,
  createTenant,
  createUser,
  newApplication,
  newPkce,
  obtainTokens,
  redirectUri,
  type Signet,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, expectErrorPage, expectNoInsights, granted, outcome } from "./outcomes.ts";

let signet: Signet;
let applications: Readonly<Record<string, Application>>;
beforeAll(async () => {
  signet = await startSignet();
  const red = await createTenant(signet, "red");
  applications = {
    default: await newApplication(signet),
    red: await newApplication(red, { person: await createUser(red, "alice") }),
  };
});
afterAll(() => signet.stop());

const tenants = ["default", "red"];
const slashes = ["", "/"];
const authorizationPaths = ["/oauth2/v1/auth", "/oauth/authorize", "/api/id/v1/auth/authorize"];
const tokenPaths = ["/oauth2/v1/token", "/oauth/token", "/api/id/v1/auth/token"];
const userinfoPaths = ["/oauth2/v1/userinfo", "/oauth/userinfo"];

const each = (paths: readonly string[]) =>
  tenants.flatMap((tenant) => paths.flatMap((path) => slashes.map((slash) => [tenant, `${path}${slash}`] as const)));

function at(tenant: string): Application {
  const application = applications[tenant];
  if (application === undefined) throw new Error(`there is no application at ${tenant}`);
  return application;
}

describe("every endpoint answers for every tenant, under every alias, with and without a trailing slash", () => {
  test.each(each(authorizationPaths))("authorization: %s %s, by GET and by POST", async (tenant, path) => {
    const application = at(tenant);
    const { issuer, client, agent } = application;
    await obtainTokens(application);
    const pkce = { code_challenge: newPkce().challenge, code_challenge_method: "S256" };
    const url = authorizationUrl(issuer, client, pkce, path);
    const byGet = await agent.request(url);
    const byPost = await agent.request(`${issuer}${path}`, { method: "POST", body: new URL(url).searchParams });
    expect([byGet.status, byPost.status]).toEqual([302, 303]);
    for (const reply of [byGet, byPost]) {
      const location = new URL(reply.headers.get("Location") ?? "");
      expect(`${location.origin}${location.pathname}`).toBe(redirectUri);
      expect(Object.fromEntries(location.searchParams)).toEqual({ code: expect.any(String), state: "a-state", iss: issuer });
    }
  });

  test.each(each(tokenPaths))("token: %s %s", async (tenant, path) => {
    const { issuer, client } = at(tenant);
    expect(await outcome(tokenRequest(issuer, client, { grant_type: "client_credentials" }, path))).toEqual(granted);
  });

  test.each(each(userinfoPaths))(
    "userinfo: %s %s, by GET and by POST, with the token in the header or the form",
    async (tenant, path) => {
      const { issuer } = at(tenant);
      const { access_token } = await obtainTokens(at(tenant));
      const headers = { Authorization: `Bearer ${access_token}` };
      const url = `${issuer}${path}`;
      const replies = [
        await fetch(url, { headers }),
        await fetch(url, { method: "POST", headers }),
        await fetch(url, { method: "POST", body: new URLSearchParams({ access_token }) }),
      ];
      for (const reply of replies) {
        expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/json;charset=UTF-8"]);
        expect([reply.headers.get("Cache-Control"), reply.headers.get("Pragma")]).toEqual(["no-store", "no-cache"]);
        expect(JSON.parse(await reply.text())).toEqual({ sub: expect.stringMatching(/^[0-9a-f]{32}$/) });
      }
    },
  );

  test.each(each(["/oauth2/v1/certs"]))("keys: %s %s", async (tenant, path) => {
    const reply = await fetch(`${at(tenant).issuer}${path}`);
    expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/json;charset=UTF-8"]);
    expect(JSON.parse(await reply.text())).toEqual({ keys: expect.arrayContaining([expect.objectContaining({ use: "sig" })]) });
  });

  test.each(
    ["openid-configuration", "oauth-authorization-server"].flatMap((name) => [
      ["default", `/.well-known/${name}`],
      ["red", `/red/.well-known/${name}`],
      ["red", `/.well-known/${name}/red`],
    ]),
  )("discovery: %s at %s", async (tenant, path) => {
    for (const slash of slashes) {
      const reply = await fetch(`${signet.url}${path}${slash}`);
      expect([reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([200, "*"]);
      const { issuer } = at(tenant);
      expect(JSON.parse(await reply.text())).toMatchObject({
        issuer,
        authorization_endpoint: `${issuer}/oauth2/v1/auth`,
        token_endpoint: `${issuer}/oauth2/v1/token`,
        userinfo_endpoint: `${issuer}/oauth2/v1/userinfo`,
        jwks_uri: `${issuer}/oauth2/v1/certs`,
        authorization_response_iss_parameter_supported: true,
      });
    }
  });
});

describe("the strict authorization endpoint asks every client for state, scope and an S256 challenge", () => {
  const pkce = { code_challenge: newPkce().challenge, code_challenge_method: "S256" };
  const open = (tenant: string, parameters: Readonly<Record<string, string | undefined>>, path = "/api/id/v1/auth/authorize") => {
    const { issuer, client, agent } = at(tenant);
    return agent.open(authorizationUrl(issuer, client, { ...pkce, ...parameters }, path));
  };

  test.each([{ state: undefined }, { scope: undefined }, { code_challenge: undefined, code_challenge_method: undefined }])(
    "a request with %o is invalid, and told so at the redirect_uri",
    async (parameters) => {
      for (const tenant of tenants) expect(errorIn(await open(tenant, parameters))).toBe("invalid_request");
    },
  );

  test("the others do not ask for state", async () => {
    await obtainTokens(at("default"));
    const visit = await open("default", { state: undefined }, "/oauth2/v1/auth");
    expect([...(visit.callback?.searchParams.keys() ?? [])]).toEqual(["code", "iss"]);
  });

  test("an unknown client is answered by a page there too", async () => {
    const { issuer, agent } = at("red");
    expectErrorPage(await agent.open(authorizationUrl(issuer, { client_id: "x" }, pkce, "/api/id/v1/auth/authorize")));
  });
});

describe("what is the same for everybody", () => {
  test.each(each(["/oauth2/v1/certs", "/.well-known/openid-configuration"]))(
    "is sent once to whoever shows its entity tag: %s %s",
    async (tenant, path) => {
      const address = `${at(tenant).issuer}${path}`;
      const first = await fetch(address);
      const etag = first.headers.get("ETag") ?? "";
      expect(first.headers.get("Cache-Control")).toMatch(/^public, max-age=\d+$/);
      const again = await fetch(address, { headers: { "If-None-Match": etag } });
      const headers = ["ETag", "Cache-Control"].map((name) => again.headers.get(name));
      expect([again.status, await again.text(), headers]).toEqual([304, "", [etag, first.headers.get("Cache-Control")]]);
      expect((await fetch(address, { headers: { "If-None-Match": '"another"' } })).status).toBe(200);
    },
  );
});

describe("another method or media type", () => {
  test.each(each(tokenPaths))("Q5: GET at the token endpoint is 405 and says what is allowed: %s %s", async (tenant, path) => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const reply = await fetch(`${at(tenant).issuer}${path}`, { method });
      expect([method, reply.status]).toEqual([method, 405]);
      const allowed = reply.headers.get("Allow")?.split(", ") ?? [];
      expect(allowed).toContain("POST");
      expect(allowed).not.toContain(method);
      expect(reply.headers.get("Cache-Control")).toBe("no-store");
      expectNoInsights(await reply.text());
    }
  });

  test("Q5: HEAD at the token endpoint is 405 too", async () => {
    expect((await fetch(`${signet.url}/oauth2/v1/token`, { method: "HEAD" })).status).toBe(405);
  });

  test.each([
    ["/oauth2/v1/certs", "POST", "GET"],
    ["/.well-known/openid-configuration", "POST", "GET"],
    ["/oauth2/v1/userinfo", "PUT", "GET"],
    ["/oauth2/v1/auth", "DELETE", "POST"],
    ["/v1/workplaces", "DELETE", "POST"],
    ["/v1/oidc/default/registration", "PUT", "DELETE"],
    ["/sign-in/0123456789abcdef0123456789abcdef", "PUT", "POST"],
    ["/healthz", "POST", "GET"],
  ])("%s: %s is 405, and %s is among what is allowed", async (path, method, allowed) => {
    const reply = await fetch(`${signet.url}${path}`, { method });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("Allow")?.split(", ")).toContain(allowed);
  });

  const form = "grant_type=client_credentials";
  const multipart = '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--b--\r\n';
  test.each([
    ["application/json", '{"grant_type":"client_credentials"}'],
    ["application/json; charset=utf-8", form],
    ["multipart/form-data; boundary=b", multipart],
    ["text/plain", form],
    ["application/x-www-form-urlencoded-not", form],
    ["application/x-www-form-urlencoded, application/json", form],
    ["", form],
    [";", form],
  ])("Q5: a body of the type %j is 415 at the token endpoint", async (type, body) => {
    for (const [tenant, path] of each(tokenPaths)) {
      const headers = { Authorization: "Basic eDp5", "Content-Type": type };
      const reply = await fetch(`${at(tenant).issuer}${path}`, { method: "POST", headers, body: Buffer.from(body) });
      expect(await outcome(reply)).toEqual({ status: 415, error: "invalid_request" });
    }
  });

  test("Q5: JSON is 415 at the authorization endpoint and the sign-in form, and a form is at the APIs that take JSON", async () => {
    const json = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
    expect((await fetch(`${signet.url}/oauth2/v1/auth`, json)).status).toBe(415);
    const headers = { "X-Auth-Token": signet.adminToken };
    const asForm = { method: "POST", headers, body: new URLSearchParams({ name: "blue" }) };
    expect((await fetch(`${signet.url}/v1/workplaces`, asForm)).status).toBe(415);
    const registration = { ...asForm, headers: { Authorization: `Bearer ${signet.registrationToken}` } };
    expect((await fetch(`${signet.url}/v1/oidc/default/registration`, registration)).status).toBe(415);
  });

  test("the media type's case and parameters do not matter", async () => {
    const { issuer, client } = at("default");
    const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
    const headers = { Authorization: `Basic ${credentials}`, "Content-Type": "Application/X-WWW-Form-Urlencoded;charset=UTF-8" };
    const reply = fetch(`${issuer}/oauth2/v1/token`, { method: "POST", headers, body: Buffer.from(form) });
    expect(await outcome(reply)).toEqual(granted);
  });

  test("a preflight is answered for any origin and without credentials", async () => {
    for (const [tenant, path] of each([...tokenPaths, ...userinfoPaths])) {
      const headers = { Origin: "https://spa.example", "Access-Control-Request-Method": "POST" };
      const reply = await fetch(`${at(tenant).issuer}${path}`, { method: "OPTIONS", headers });
      expect([path, reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([path, 204, "*"]);
      expect(reply.headers.get("Access-Control-Allow-Credentials")).toBeNull();
      expect(reply.headers.get("Access-Control-Allow-Methods")).toContain("POST");
    }
  });

  test.each([
    "/",
    "/red",
    "/sign-in/x",
    "/nothing",
    "/red/nothing",
    "/v1",
    "/v1/nothing",
    "/oauth2/v1",
    "/..",
    "/%2e%2e/etc/passwd",
  ])("%s answers without a server error", async (path) => {
    const reply = await fetch(`${signet.url}${path}`, { redirect: "manual" });
    expect(reply.status).toBeLessThan(500);
    expectNoInsights(await reply.text());
  });
});
