import { randomBytes } from "node:crypto";
import {
  authorizationUrl,
  createTenant,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

interface Told {
  readonly status: number;
  readonly text: string;
}

async function askFor(id: string, workplace = "default", token = signet.adminToken): Promise<Told> {
  const headers = { "X-Auth-Token": token };
  const reply = await fetch(`${signet.url}/v1/workplaces/${workplace}/errors/${id}`, { headers });
  return { status: reply.status, text: await reply.text() };
}

/** Where a reply has its error id. */
const errorIdOf = (reply: { readonly headers: Headers }) => reply.headers.get("Signet-Error-Id") ?? "";

/** What the administrator is told of a reply. */
async function explained(reply: { readonly headers: Headers }, workplace?: string): Promise<Record<string, unknown>> {
  const { status, text } = await askFor(errorIdOf(reply), workplace);
  expect([status, text]).toEqual([200, expect.stringContaining('"rule"')]);
  return JSON.parse(text).result;
}

test("a reply names its error id, and under it the administrator is told the rule, what it wanted and what was sent", async () => {
  const client = await registerClient(signet);
  const address = authorizationUrl(signet.url, client, { redirect_uri: "https://elsewhere.example/cb", nonce: "a nonce" });
  const reply = await fetch(address);
  const page = await reply.text();
  expect(reply.status).toBe(400);
  expect(/id="error-id">(\w+)</.exec(page)?.[1]).toBe(errorIdOf(reply));
  expect(await explained(reply)).toEqual({
    id: errorIdOf(reply),
    at: expect.closeTo(Date.now(), -5),
    method: "GET",
    endpoint: "/oauth2/v1/auth",
    status: 400,
    error: "invalid_request",
    description: expect.any(String),
    rule: expect.any(String),
    expected: expect.stringContaining("https://app.example/"),
    sent: "https://elsewhere.example/cb",
    client_id: client.client_id,
    parameters: expect.arrayContaining([
      { name: "client_id", value: client.client_id },
      { name: "redirect_uri", value: "https://elsewhere.example/cb" },
      { name: "nonce", value: "[masked]" },
    ]),
    other_parameters: 0,
    unkept: 0,
  });
});

describe("each kind of refusal is explained", () => {
  test("a wrong client secret, and a client that there is not: the reply is the same, the explanation is not", async () => {
    const client = await registerClient(signet);
    const body = { grant_type: "client_credentials" };
    const wrong = await tokenRequest(signet.url, { ...client, client_secret: newPkce().verifier }, body);
    const unknown = await tokenRequest(signet.url, { ...client, client_id: randomBytes(12).toString("hex") }, body);
    expect(await unknown.text()).toBe(await wrong.text());
    expect(await explained(wrong)).toMatchObject({ status: 401, error: "invalid_client", rule: expect.stringMatching(/secret/) });
    expect(await explained(unknown)).toMatchObject({ error: "invalid_client", rule: expect.stringMatching(/client/) });
  });

  test("another method of authentication than the one registered", async () => {
    const client = await registerClient(signet);
    const form = { grant_type: "client_credentials", client_id: client.client_id, client_secret: client.client_secret };
    const reply = await fetch(`${signet.url}/oauth2/v1/token`, { method: "POST", body: new URLSearchParams(form) });
    expect(await explained(reply)).toMatchObject({ expected: "client_secret_basic", sent: "client_secret_post" });
  });

  test("a code_verifier that does not answer, across two services", async () => {
    const application = await newApplication(signet);
    const reply = await redeem(application, await obtainCode(application), { code_verifier: newPkce().verifier });
    expect(await explained(reply)).toMatchObject({ error: "invalid_grant", rule: expect.stringMatching(/code_verifier/) });
  });

  test("another redirect_uri than that of the authorization request", async () => {
    const application = await newApplication(signet);
    const reply = await redeem(application, await obtainCode(application), { redirect_uri: "https://app.example/other" });
    expect(await explained(reply)).toMatchObject({
      expected: expect.stringContaining("https://app.example/"),
      sent: "https://app.example/other",
    });
  });

  test("a scope that is not the client's", async () => {
    const client = await registerClient(signet, { grant_types: ["client_credentials"], scope: "read" });
    const reply = await tokenRequest(signet.url, client, { grant_type: "client_credentials", scope: "write" });
    expect(await explained(reply)).toMatchObject({
      error: "invalid_scope",
      expected: expect.stringContaining("read"),
      sent: "write",
    });
  });

  test("an error that goes to the application by redirect", async () => {
    const client = await registerClient(signet);
    const reply = await fetch(authorizationUrl(signet.url, client, { response_type: "token" }), { redirect: "manual" });
    expect([reply.status, reply.headers.get("Location")]).toEqual([
      302,
      expect.stringContaining("error=unsupported_response_type"),
    ]);
    expect(await explained(reply)).toMatchObject({ status: 302, error: "unsupported_response_type", sent: "token" });
  });

  test("a wrong password: which rule it was is told to the administrator alone", async () => {
    const agent = userAgent(signet.url);
    const visits = [];
    for (const username of ["admin", "nobody"]) {
      visits.push(await agent.submit(await agent.open(`${signet.url}/`), { username, password: "mistyped password" }));
    }
    const [known, unknown] = visits;
    if (known === undefined || unknown === undefined) throw new Error("there are two");
    expect(await explained(known)).toMatchObject({ status: 400, rule: "the password is the user's" });
    expect(await explained(unknown)).toMatchObject({
      status: 400,
      rule: expect.stringContaining("there is a user of that name"),
    });
    const { text } = await askFor(errorIdOf(known));
    expect(text).not.toMatch(/mistyped|"admin"/);
  });

  test("an access token that is none", async () => {
    expect(await explained(await userinfo(signet.url, "nothing"))).toMatchObject({ error: "invalid_token", status: 401 });
  });

  test("a registration that contradicts itself", async () => {
    const reply = await fetch(`${signet.url}/v1/oidc/default/registration`, {
      method: "POST",
      headers: { Authorization: `Bearer ${signet.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ redirect_uris: ["javascript:alert(1)"], client_name: "A name" }),
    });
    expect(await explained(reply)).toMatchObject({
      status: 400,
      error: "invalid_redirect_uri",
      parameters: [
        { name: "redirect_uris", value: '["javascript:alert(1)"]' },
        { name: "client_name", value: "[masked]" },
      ],
    });
  });

  test("a form of another site", async () => {
    const agent = userAgent(signet.url);
    const page = await agent.open(`${signet.url}/`);
    const reply = await agent.request(page.url, { method: "POST", body: new URLSearchParams({ username: "a", password: "b" }) });
    expect(await explained(reply)).toMatchObject({ status: 403, rule: "the form was sent from this browser's own page" });
  });
});

test("one workplace's errors are not found at another's, and without the administration token nothing is", async () => {
  const other = await createTenant(signet, "elsewhere-explained");
  const client = await registerClient(other, {}, "elsewhere-explained");
  const reply = await tokenRequest(other.issuer, { ...client, client_secret: "wrong" }, { grant_type: "client_credentials" });
  const id = errorIdOf(reply);
  expect(await explained(reply, "elsewhere-explained")).toMatchObject({ id });
  const nothing = await askFor("0123456789abcdef01");
  expect(nothing.status).toBe(404);
  expect(await askFor(id)).toEqual(nothing);
  expect(await askFor("there-is-none-of-that-shape")).toEqual(nothing);
  expect((await askFor(id, "elsewhere-explained", "another-administration-token-0123456789")).status).toBe(401);
});

test("K7: no secret is in what is kept of refusals, whatever it was sent as", async () => {
  const application = await newApplication(signet);
  const { client, agent, issuer } = application;
  const tokens = await obtainTokens(application);
  const { code, verifier } = await obtainCode(application);
  const canary = newPkce().verifier;
  const secrets = [client.client_secret, canary, code, verifier, tokens.access_token, tokens.id_token, tokens.refresh_token];
  secrets.push(signet.adminToken, signet.registrationToken, signet.adminPassword, ...agent.cookies.values());
  const names = ["redirect_uri", "scope", "response_type", "client_id", "state", "prompt", "request", "login_hint", "x"];
  const replies = await Promise.all([
    redeem(application, { code, verifier: canary }),
    refresh(application, `${tokens.refresh_token}x`),
    userinfo(issuer, `${tokens.access_token}x`),
    ...secrets.flatMap((secret) => [
      tokenRequest(issuer, client, { grant_type: secret, code: secret }),
      tokenRequest(issuer, { ...client, client_secret: `${secret}x` }, { grant_type: "refresh_token", refresh_token: secret }),
      tokenRequest(issuer, { ...client, client_id: secret }, { grant_type: "password", password: secret, username: secret }),
      tokenRequest(issuer, client, { grant_type: "refresh_token", refresh_token: secret, [secret]: secret }),
      fetch(`${issuer}/oauth2/v1/token?${new URLSearchParams({ code: secret })}`, { method: "POST", body: "x" }),
      ...names.map((name) =>
        fetch(authorizationUrl(issuer, client, { [name]: secret, redirect_uri: `https://app.example/${secret}` })),
      ),
    ]),
  ]);
  const told = await Promise.all(replies.map((reply) => askFor(errorIdOf(reply))));
  expect(told.filter(({ status }) => status === 200).length).toBeGreaterThan(50);
  const all = told.map(({ text }) => text).join("\n");
  for (const secret of secrets.filter((one) => one !== signet.adminPassword))
    expect([secret, all.includes(secret)]).toEqual([secret, false]);
});

test("a flood of one refusal is not kept as a whole, and others are", async () => {
  const flooded = await createTenant(signet, "flooded");
  const { issuer } = flooded;
  const client = await registerClient(flooded, {}, "flooded");
  const wrong = { ...client, client_secret: "wrong" };
  const flood = await Promise.all(
    Array.from({ length: 200 }, () => tokenRequest(issuer, wrong, { grant_type: "refresh_token" })),
  );
  const other = await tokenRequest(issuer, client, { grant_type: "nothing that there is" });
  expect(await explained(other, "flooded")).toMatchObject({ error: "unsupported_grant_type" });
  const told = await Promise.all(flood.map((reply) => askFor(errorIdOf(reply), "flooded")));
  const kept = told.filter(({ status }) => status === 200).length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(100);
});
