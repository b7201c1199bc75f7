import {
  authorizationUrl,
  newApplication,
  obtainTokens,
  type Person,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { post } from "../outcomes.ts";

let signet: Signet;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet();
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

type Named = readonly [name: string, headers: Headers, html: string];

/** Every page of Signet, as a browser without JavaScript gets it. */
async function everyPage(): Promise<readonly Named[]> {
  const { agent, client } = await newApplication(signet);
  const request = (parameters: Readonly<Record<string, string>> = {}) => authorizationUrl(signet.url, client, parameters);
  const pages: Named[] = [];
  const note = <Visit extends { readonly headers: Headers; readonly html: string }>(name: string, visit: Visit): Visit => {
    pages.push([name, visit.headers, visit.html]);
    return visit;
  };
  const signInPage = note("sign-in", await agent.open(request()));
  note("wrong password", await agent.submit(signInPage, { ...admin, password: "not the password" }));
  note("stale sign-in", await agent.submit({ ...signInPage, html: signInPage.html.replaceAll("hidden", "text") }, {}));
  const consent = note("consent", await agent.submit(signInPage, { ...admin }));
  await agent.submit(consent, { decision: "allow" });
  note("expired", await agent.open(signInPage.url));
  note("form_post", await agent.open(request({ response_mode: "form_post" })));
  note("form_post of an error", await agent.open(request({ response_mode: "form_post", prompt: "none", max_age: "0" })));
  note("refused request", await agent.open(request({ redirect_uri: "https://evil.example/" })));
  note("not found", await agent.open(`${signet.url}/nothing`));
  note("unknown tenant", await agent.open(`${signet.url}/nobody/signed-in`));
  const signedIn = note("signed-in", await agent.open(`${signet.url}/`));
  const forged = await post(agent, `${signet.url}/sign-out`, "");
  pages.push(["refused sign-out", forged.headers, await forged.text()]);
  note("signed-out", await agent.submit(signedIn, {}));
  return pages;
}

describe("every page", () => {
  test("B5: may be framed by nobody, and runs nothing but what its policy names by hash", async () => {
    const pages = await everyPage();
    expect(pages).toHaveLength(13);
    for (const [name, headers, html] of pages) {
      const policy = new Map(
        (headers.get("Content-Security-Policy") ?? "").split("; ").map((directive) => {
          const [key = "", ...sources] = directive.split(" ");
          return [key, sources];
        }),
      );
      expect([name, html.startsWith("<!doctype html>")]).toEqual([name, true]);
      expect([name, policy.get("default-src"), policy.get("frame-ancestors"), policy.get("base-uri")]).toEqual([
        name,
        ["'none'"],
        ["'none'"],
        ["'none'"],
      ]);
      expect([name, headers.get("X-Frame-Options")]).toEqual([name, "DENY"]);
      expect([name, policy.has("form-action")]).toEqual([name, true]);
      for (const key of ["script-src", "style-src"]) {
        for (const source of policy.get(key) ?? [])
          expect([name, source]).toEqual([name, expect.stringMatching(/^'sha256-[\w+/]{43}='$/)]);
      }
    }
  });

  test("B5: is kept by no cache, gives nobody its address, and is taken for nothing but HTML", async () => {
    for (const [name, headers] of await everyPage()) {
      expect({
        name,
        ...headersOf(headers, ["Cache-Control", "Referrer-Policy", "X-Content-Type-Options", "Content-Type"]),
      }).toEqual({
        name,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Content-Type": "text/html; charset=utf-8",
      });
    }
  });

  test("B5: asks for no certificate of a host on this machine: nothing is marked for TLS only under http", async () => {
    for (const [name, headers] of await everyPage())
      expect([name, headers.get("Strict-Transport-Security")]).toEqual([name, null]);
  });
});

function headersOf(headers: Headers, names: readonly string[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
}

describe("what holds a secret", () => {
  test("B10: is kept by no cache and gives nobody its address: tokens, registrations, administration, codes, errors", async () => {
    const application = await newApplication(signet);
    const { client, agent } = application;
    const tokens = await obtainTokens(application);
    const workplace = `${signet.url}/v1/workplaces/default`;
    const registration = `${signet.url}/v1/oidc/default/registration`;
    const adminHeaders = { headers: { "X-Auth-Token": signet.adminToken } };
    const registrar = { headers: { Authorization: `Bearer ${signet.registrationToken}` } };
    const replies: Record<string, Response> = {
      "client credentials": await tokenRequest(signet.url, client, { grant_type: "client_credentials" }),
      refresh: await tokenRequest(signet.url, client, { grant_type: "refresh_token", refresh_token: tokens.refresh_token }),
      "refused token request": await tokenRequest(signet.url, client, { grant_type: "refresh_token", refresh_token: "x" }),
      "unauthenticated token request": await tokenRequest(
        signet.url,
        { ...client, client_secret: "x" },
        { grant_type: "client_credentials" },
      ),
      "token request without a form": await fetch(`${signet.url}/oauth2/v1/token`, { method: "POST" }),
      userinfo: await fetch(`${signet.url}/oauth2/v1/userinfo`, { headers: { Authorization: `Bearer ${tokens.access_token}` } }),
      "refused userinfo": await fetch(`${signet.url}/oauth2/v1/userinfo`),
      introspection: await tokenRequest(signet.url, client, { token: tokens.access_token }, "/oauth2/v1/introspect"),
      "refused introspection": await fetch(`${signet.url}/oauth2/v1/introspect`, { method: "POST" }),
      revocation: await tokenRequest(signet.url, client, { token: "x" }, "/oauth2/v1/revoke"),
      registration: await fetch(`${registration}?client_id=${client.client_id}`, registrar),
      "list of clients": await fetch(registration, registrar),
      "refused registration": await fetch(registration),
      "refused dynamic registration": await fetch(`${signet.url}/oauth2/v1/register`, { method: "POST" }),
      "refused client configuration": await fetch(`${signet.url}/oauth2/v1/register/${client.client_id}`),
      "initial access tokens": await fetch(`${workplace}/oidc/initial-access-tokens`, adminHeaders),
      "registration token": await fetch(`${workplace}/oidc`, adminHeaders),
      users: await fetch(`${workplace}/users`, adminHeaders),
      "refused administration": await fetch(workplace),
      "code in a redirect": await agent.request(authorizationUrl(signet.url, client)),
      "code in a form": await agent.request(authorizationUrl(signet.url, client, { response_mode: "form_post" })),
    };
    expect(replies.refresh?.status).toBe(200);
    expect(replies["code in a redirect"]?.headers.get("Location")).toContain("code=");
    for (const [name, { headers }] of Object.entries(replies)) {
      expect({ name, ...headersOf(headers, ["Cache-Control", "Referrer-Policy"]) }).toEqual({
        name,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
      });
    }
    for (const name of [
      "client credentials",
      "refresh",
      "refused token request",
      "userinfo",
      "introspection",
      "revocation",
      "registration",
    ]) {
      expect([name, replies[name]?.headers.get("Pragma")]).toEqual([name, "no-cache"]);
    }
  });
});

describe.each(["https://evil.example", "null", "http://localhost", "https://app.example"])(
  "a page of the origin %s",
  (origin) => {
    const open = [
      "/oauth2/v1/token",
      "/oauth/token",
      "/oauth2/v1/userinfo",
      "/oauth2/v1/revoke",
      "/oauth2/v1/certs",
      "/.well-known/openid-configuration",
    ];
    const closed = [
      "/",
      "/oauth2/v1/auth",
      "/oauth2/v1/introspect",
      "/signed-in",
      "/sign-out",
      "/sign-in/00000000000000000000000000000000",
      "/consent/00000000000000000000000000000000",
      "/v1/workplaces",
      "/v1/oidc/default/registration",
      "/healthz",
    ];

    test("B9: gets nothing by the browser's cookies, from any endpoint, by any method", async () => {
      const agent = userAgent(signet.url);
      await signIn(agent, await agent.open(authorizationUrl(signet.url, (await newApplication(signet)).client)), admin);
      for (const path of [...open, ...closed]) {
        for (const method of ["GET", "POST", "OPTIONS"]) {
          const headers = {
            Origin: origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
          };
          const reply = await agent.clone().request(signet.url + path, { method, headers });
          const allowed = headersOf(reply.headers, ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"]);
          expect({ method, path, ...allowed }).toEqual({
            method,
            path,
            "Access-Control-Allow-Origin": open.includes(path) ? expect.toBeOneOf(["*", null]) : null,
            "Access-Control-Allow-Credentials": null,
          });
        }
      }
    });

    test("B9: may use the endpoints that are for it, without credentials", async () => {
      for (const path of open) {
        const headers = {
          Origin: origin,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "authorization",
        };
        const reply = await fetch(signet.url + path, { method: "OPTIONS", headers });
        expect([path, reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([path, 204, "*"]);
      }
    });
  },
);
