import {
  type Application,
  administer,
  authorizationUrl,
  createUser,
  newApplication,
  obtainCode,
  obtainTokens,
  rawRequest,
  redirectUri,
  type Signet,
  startSignet,
  userAgent,
} from "@signet/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectErrorPage, expectNoInsights, granted, invalidClient, invalidRequest, outcome, post } from "./outcomes.ts";

let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet);
});
afterAll(() => signet.stop());

afterEach(async () => {
  const { ok } = await tokenPost("grant_type=client_credentials");
  expect(ok, "a normal request is served afterwards").toBe(true);
});

const credentials = () => {
  const { client_id, client_secret } = application.client;
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
};

/** A token request of the application's with this body. */
function tokenPost(body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${signet.url}/oauth2/v1/token`, {
    method: "POST",
    headers: { Authorization: credentials(), "Content-Type": "application/x-www-form-urlencoded" },
    body,
  });
}

/** A call of an API that takes JSON, with the token that opens it. */
function jsonPost(path: string, body: string, method = "POST"): Promise<Response> {
  const token = path.startsWith("/v1/oidc") ? signet.registrationToken : signet.adminToken;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return fetch(`${signet.url}${path}`, { method, headers, body });
}

async function expectRefusedByApi(reply: Response, status = 400): Promise<void> {
  const text = await reply.text();
  expectNoInsights(text);
  expect([reply.status, JSON.parse(text)]).toEqual([
    status,
    { error_code: expect.any(Number), error_message: expect.any(String), more_info: "" },
  ]);
}

const encoded = (text: string) => encodeURIComponent(text);

describe("Q1: a parameter that is sent twice is an error", () => {
  const authorization = () => authorizationUrl(signet.url, application.client);

  test.each(["client_id", "redirect_uri", "state", "scope", "response_type", "nonce", "unknown"])(
    "Q1: %s twice in an authorization request's query is answered by a page",
    async (name) => {
      const value = new URL(authorization()).searchParams.get(name) ?? "x";
      expectErrorPage(await application.agent.open(`${authorization()}&${name}=${encoded(value)}&${name}=${encoded(value)}`));
    },
  );

  test("Q1: also with its name encoded, in another order, or empty once", async () => {
    for (const more of ["client%5Fid=x", "client_id=", "client_id", "st%61te=a-state"]) {
      expectErrorPage(await application.agent.open(`${authorization()}&${more}`));
    }
  });

  test("Q1: once in the query and once in the body", async () => {
    const url = authorization();
    const reply = await post(application.agent, url, `client_id=${application.client.client_id}`);
    expect([reply.status, reply.headers.get("Location")]).toEqual([400, null]);
    const split = await post(userAgent(signet.url), url.replace("&state=a-state", ""), "state=b");
    expect(split.status).toBe(303);
  });

  test.each(["grant_type=client_credentials", "scope=a", "client_id=x", "unknown=x", "code=x", "%67rant_type=x"])(
    "Q1: %s beside another of that name in a token request",
    async (parameter) => {
      const body = `grant_type=client_credentials&scope=a&client_id=${application.client.client_id}&unknown=y&code=z`;
      expect(await outcome(tokenPost(`${body}&${parameter}`))).toEqual(invalidRequest);
    },
  );

  test("Q1: resource and audience may repeat", async () => {
    const more = "resource=https://a.example&resource=https://b.example&audience=a&audience=b";
    expect(await outcome(tokenPost(`grant_type=client_credentials&${more}`))).toEqual(granted);
    expect((await userAgent(signet.url).open(`${authorization()}&${more}`)).heading).toBe("Sign in");
  });

  test("Q1: access_token twice in a userinfo form", async () => {
    const { access_token } = await obtainTokens(application);
    const body = `access_token=${access_token}&access_token=${access_token}`;
    expect(await outcome(post(application.agent, `${signet.url}/oauth2/v1/userinfo`, body))).toEqual(invalidRequest);
  });

  test("Q1: a query parameter of the APIs", async () => {
    const headers = { Authorization: `Bearer ${signet.registrationToken}` };
    const twice = `client_id=${application.client.client_id}&client_id=${application.client.client_id}`;
    await expectRefusedByApi(await fetch(`${signet.url}/v1/oidc/default/registration?${twice}`, { headers }));
    const administrator = { "X-Auth-Token": signet.adminToken };
    await expectRefusedByApi(await fetch(`${signet.url}/v1/workplaces?limit=1&limit=2`, { headers: administrator }));
  });
});

describe("what only some parsers take for a structure is none", () => {
  test.each([
    "code[$ne]=",
    "code[$ne]=x",
    "code[$gt]=&code[$regex]=.*",
    "code[]=x",
    "code.$ne=x",
    'code={"$ne":null}',
    "code[__proto__]=x",
  ])("Q2: %s is no code", async (parameter) => {
    const reply = await tokenPost(`grant_type=authorization_code&redirect_uri=${encoded(redirectUri)}&${parameter}`);
    const { status, error } = await outcome(reply);
    expect([status, error]).toEqual([400, expect.stringMatching(/^invalid_(?:request|grant)$/)]);
  });

  test.each([
    { username: { $ne: null } },
    { username: ["admin"] },
    { password: { $gt: "" } },
    { username: null },
    { roles: { $ne: 1 } },
  ])("Q2: the user %j is refused", async (user) => {
    const complete = { username: "somebody", password: "a password of no importance", ...user };
    await expectRefusedByApi(await jsonPost("/v1/workplaces/default/users", JSON.stringify(complete)));
  });

  test.each(["username[$ne]=x&password[$ne]=x", "username[]=admin&password[]=x", 'username={"$ne":null}&password={"$ne":null}'])(
    "Q2: %s signs nobody in",
    async (fields) => {
      const { agent } = await newApplication(signet);
      const page = await agent.open(`${signet.url}/`);
      const csrf = /name="csrf_token" value="([^"]*)"/.exec(page.html)?.[1] ?? "";
      const reply = await post(agent, page.url, `csrf_token=${csrf}&${fields}`);
      expect([reply.status, reply.headers.get("Location")]).toEqual([400, null]);
      expect([...agent.cookies.keys()].filter((name) => name.startsWith("signet_session_"))).toEqual([]);
    },
  );

  test.each([
    '{"__proto__":{"isPolluted":true}}',
    '{"constructor":{"prototype":{"isPolluted":true}}}',
    '{"claims":{"__proto__":{"isPolluted":true}}}',
    '{"attributes":{"a":[{"constructor":{"isPolluted":true}}]}}',
    '{"branding":{"__proto__":{"isPolluted":true}}}',
    '{"\\u005f_proto__":{"isPolluted":true}}',
  ])("Q3: %s is refused, and changes no prototype", async (body) => {
    const { id } = await createUser(signet, `user-${body.length}-${body.charCodeAt(2)}-${body.charCodeAt(3)}`);
    await expectRefusedByApi(await jsonPost("/v1/workplaces", body));
    await expectRefusedByApi(await jsonPost("/v1/workplaces/default/oidc", body));
    await expectRefusedByApi(await jsonPost("/v1/oidc/default/registration", body));
    await expectRefusedByApi(await jsonPost(`/v1/workplaces/default/users/${id}`, body, "PATCH"));
    expect("isPolluted" in {}).toBe(false);
    const { claims, attributes } = await administer(signet, "GET", `/default/users/${id}`);
    expect([claims, attributes]).toEqual([{}, {}]);
  });

  test.each([
    "__proto__=x",
    "__proto__[isPolluted]=1",
    "constructor=x",
    "constructor[prototype][isPolluted]=1",
    "toString=x",
    "hasOwnProperty=",
  ])("Q3: the parameter %s is ignored, and changes no prototype", async (parameter) => {
    expect(await outcome(tokenPost(`grant_type=client_credentials&${parameter}`))).toEqual(granted);
    const request = `${authorizationUrl(signet.url, application.client)}&${parameter}`;
    expect((await userAgent(signet.url).open(request)).heading).toBe("Sign in");
    expect("isPolluted" in {}).toBe(false);
  });

  test("Q3: nor is there a client, a workplace or a user of such a name", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const body = new URLSearchParams({ client_id: name, client_secret: "x", grant_type: "client_credentials" });
      expect(await outcome(fetch(`${signet.url}/oauth2/v1/token`, { method: "POST", body }))).toEqual(invalidClient);
      for (const path of [`/v1/workplaces/${name}`, `/v1/workplaces/default/users/${name}`]) {
        const reply = await fetch(`${signet.url}${path}`, { headers: { "X-Auth-Token": signet.adminToken } });
        expect([path, reply.status]).toEqual([path, 404]);
      }
    }
  });
});

describe("Q9: a cursor that Signet did not make is refused", () => {
  const base64url = (text: string) => Buffer.from(text).toString("base64url");
  test.each([
    "x",
    "!",
    "0",
    "-1",
    "../../etc/passwd",
    "' or 1=1 --",
    base64url("' or 1=1 --"),
    base64url('{"$gt":""}'),
    base64url("\0"),
    base64url("ZZZZ"),
    `${base64url("default")}=`,
    "A".repeat(10_000),
    "%00",
    "\u{1f600}",
  ])("Q9: %j, at each list", async (cursor) => {
    const lists = { "/v1/workplaces": signet.adminToken, "/v1/workplaces/default/users": signet.adminToken };
    for (const [path, token] of Object.entries({ ...lists, "/v1/oidc/default/registration": signet.registrationToken })) {
      const headers = { Authorization: `Bearer ${token}` };
      await expectRefusedByApi(await fetch(`${signet.url}${path}?cursor=${encoded(cursor)}`, { headers }));
    }
  });

  test.each(["0", "-1", "201", "1e9", "1.5", "x", " 1", "NaN", "99999999999999999999"])(
    "Q9: so is the limit %j",
    async (limit) => {
      const headers = { "X-Auth-Token": signet.adminToken };
      await expectRefusedByApi(await fetch(`${signet.url}/v1/workplaces?limit=${encoded(limit)}`, { headers }));
    },
  );
});

describe("Q12: a bearer token goes into one place, and never into the query", () => {
  test("Q12: in the query it is refused, also beside a good one", async () => {
    const { access_token } = await obtainTokens(application);
    const url = `${signet.url}/oauth2/v1/userinfo?access_token=${access_token}`;
    const headers = { Authorization: `Bearer ${access_token}` };
    for (const init of [{}, { headers }, { method: "POST" }, { method: "POST", headers }]) {
      const reply = await fetch(url, init);
      expect(reply.headers.get("WWW-Authenticate")).toContain('error="invalid_request"');
      expect(await outcome(reply)).toEqual(invalidRequest);
    }
  });

  test("Q12: in the header and in the form it is refused, and so are two headers", async () => {
    const { access_token } = await obtainTokens(application);
    const url = `${signet.url}/oauth2/v1/userinfo`;
    const headers = { Authorization: `Bearer ${access_token}` };
    const both = fetch(url, { method: "POST", headers, body: new URLSearchParams({ access_token }) });
    expect(await outcome(both)).toEqual(invalidRequest);
    const authorization = ["Authorization", `Bearer ${access_token}`] as const;
    const twice = await rawRequest(signet.url, { target: "/oauth2/v1/userinfo", headers: [authorization, authorization] });
    expect([twice.status, JSON.parse(twice.body).error]).toEqual([400, "invalid_request"]);
  });

  test("Q12: in the body of a GET, or of a JSON POST, it is not looked for", async () => {
    const { access_token } = await obtainTokens(application);
    const body = `access_token=${access_token}`;
    const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
    const reply = await rawRequest(signet.url, { target: "/oauth2/v1/userinfo", headers: [form], body });
    expect(reply.status).toBe(401);
    const json = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ access_token }) };
    expect((await fetch(`${signet.url}/oauth2/v1/userinfo`, json)).status).toBe(401);
  });

  test("Q12: the APIs take their token from one header, and not from the query", async () => {
    const two = { "X-Auth-Token": signet.adminToken, Authorization: `Bearer ${signet.adminToken}` };
    await expectRefusedByApi(await fetch(`${signet.url}/v1/workplaces`, { headers: two }));
    for (const name of ["access_token", "token", "X-Auth-Token"]) {
      expect((await fetch(`${signet.url}/v1/workplaces?${name}=${signet.adminToken}`)).status).toBe(401);
      expect((await fetch(`${signet.url}/v1/oidc/default/registration?${name}=${signet.registrationToken}`)).status).toBe(401);
    }
  });
});

test("a code that is sent in the query of a token request is not looked for", async () => {
  const { code, verifier } = await obtainCode(application);
  const query = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });
  const reply = fetch(`${signet.url}/oauth2/v1/token?${query}`, {
    method: "POST",
    headers: { Authorization: credentials(), "Content-Type": "application/x-www-form-urlencoded" },
    body: "",
  });
  expect(await outcome(reply)).toEqual(invalidRequest);
});
