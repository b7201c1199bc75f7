import {
  administer,
  authorizationUrl,
  type Clockwork,
  clockwork,
  createTenant,
  type RegisteredClient,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askRegistration, documented } from "./registration-request.ts";

type Tenant = Awaited<ReturnType<typeof createTenant>>;

let time: Clockwork;
let signet: Signet;
let tenant: Tenant;
beforeAll(async () => {
  time = clockwork();
  signet = await startSignet({ clockwork: time });
  tenant = await createTenant(signet, "acme");
});
afterAll(() => signet.stop());

async function registered(metadata: object = {}): Promise<RegisteredClient> {
  const body = { ...documented, grant_types: ["authorization_code", "client_credentials"], ...metadata };
  return JSON.parse((await askRegistration(tenant, "POST", "", { body })).text);
}

/** Whether the client gets a token for itself. */
async function authenticates(client: RegisteredClient): Promise<boolean> {
  const reply = await tokenRequest(tenant.issuer, client, { grant_type: "client_credentials" });
  if (reply.status !== 200) expect(await reply.json()).toMatchObject({ error: "invalid_client" });
  return reply.status === 200;
}

/** A change has to be known everywhere within a second. */
const soon = { timeout: 1_000, interval: 20 };

describe("a registered client", () => {
  test("authenticates with the secret that it was given, and with no other", async () => {
    const client = await registered();
    expect(await authenticates(client)).toBe(true);
    expect(await authenticates({ ...client, client_secret: `${client.client_secret.slice(0, -1)}!` })).toBe(false);
  });

  test("has one secret only: generate_token ends the old one", async () => {
    const client = await registered();
    expect(await authenticates(client)).toBe(true);
    const reply = await askRegistration(tenant, "POST", `?client_id=${client.client_id}`, { body: { generate_token: true } });
    const { client_secret } = JSON.parse(reply.text);
    await expect.poll(() => authenticates(client), soon).toBe(false);
    expect(await authenticates({ ...client, client_secret })).toBe(true);
  });

  test("keeps its secret when anything else is changed", async () => {
    const client = await registered();
    await askRegistration(tenant, "POST", `?client_id=${client.client_id}`, {
      body: { client_name: "Other", generate_token: false },
    });
    expect(await authenticates(client)).toBe(true);
  });

  test("is refused once its secret has expired", async () => {
    const client = await registered({ client_secret_expires_at: Math.floor(time.clock() / 1000) + 60 });
    expect(await authenticates(client)).toBe(true);
    time.advance(61_000);
    expect(await authenticates(client)).toBe(false);
  });

  test("is refused once it is deleted", async () => {
    const client = await registered();
    expect(await authenticates(client)).toBe(true);
    await askRegistration(tenant, "DELETE", `?client_id=${client.client_id}`);
    await expect.poll(() => authenticates(client), soon).toBe(false);
  });

  test("is refused once its workplace is deleted", async () => {
    const doomed = await createTenant(signet, "doomed");
    const body = { ...documented, grant_types: ["authorization_code", "client_credentials"] };
    const client: RegisteredClient = JSON.parse((await askRegistration(doomed, "POST", "", { body })).text);
    const status = async () => (await tokenRequest(doomed.issuer, client, { grant_type: "client_credentials" })).status;
    expect(await status()).toBe(200);
    await administer(signet, "DELETE", "/doomed");
    await expect.poll(status, soon).toBe(404);
  });

  test("is known at its own workplace only", async () => {
    const client = await registered();
    const reply = await tokenRequest(signet.url, client, { grant_type: "client_credentials" });
    expect(reply.status).toBe(401);
  });
});

describe("a custom scope", () => {
  const password = "correct horse battery staple";
  const redirectUri = "http://localhost:8080";

  /** What userinfo says after `username` has allowed the client `scope`, and the consent page on the way there. */
  async function allowed(client: RegisteredClient, username: string, scope: string) {
    const agent = userAgent(signet.url);
    const request = authorizationUrl(tenant.issuer, client, { redirect_uri: redirectUri, scope });
    const consent = await agent.submit(await agent.open(request), { username, password });
    const callback = await signIn(agent, consent, { username, password });
    const code = callback.searchParams.get("code") ?? "";
    const exchange = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
    const { access_token } = JSON.parse(await (await tokenRequest(tenant.issuer, client, exchange)).text());
    const reply = await fetch(`${tenant.issuer}/oauth2/v1/userinfo`, { headers: { Authorization: `Bearer ${access_token}` } });
    return { consent, claims: JSON.parse(await reply.text()) };
  }

  test("stands on the consent page with its desc, and brings its fields into userinfo", async () => {
    const user = { username: "alice", password, roles: ["staff"], attributes: { desk: 7, salary: 1 }, claims: { name: "Alice" } };
    await administer(signet, "POST", "/acme/users", user);
    const scopes = [
      { name: "roles", desc: "User roles", fields: ["roles"] },
      { name: "desk", desc: "Where you <b>sit</b>", fields: ["desk", "name", "unknown"] },
    ];
    const client = await registered({ scopes, client_name: "Desk finder" });

    const both = await allowed(client, "alice", "openid roles desk");
    expect(both.consent.heading).toBe("Allow access");
    expect(both.consent.html).toContain("Desk finder");
    expect(both.consent.html).toContain("User roles");
    expect(both.consent.html).toContain("Where you &lt;b&gt;sit&lt;/b&gt;");
    expect(both.claims).toStrictEqual({ sub: expect.any(String), roles: ["staff"], desk: 7, name: "Alice" });

    const one = await allowed(client, "alice", "openid roles");
    expect(one.claims).toStrictEqual({ sub: both.claims.sub, roles: ["staff"] });
  });

  test("of another client is none of this one's", async () => {
    await administer(signet, "POST", "/acme/users", { username: "bob", password, roles: ["staff"] });
    const client = await registered({ scopes: [] });
    const { claims } = await allowed(client, "bob", "openid roles");
    expect(claims).toStrictEqual({ sub: expect.any(String) });
  });
});

test("a collection says whose members may sign in", async () => {
  const staffed = await createTenant(signet, "staffed");
  await administer(signet, "POST", "/staffed/oidc", { collection: "staff" });
  const password = "correct horse battery staple";
  await administer(signet, "POST", "/staffed/users", { username: "carol", collection: "staff", password });
  await administer(signet, "POST", "/staffed/users", { username: "dave", password });
  const client: RegisteredClient = JSON.parse((await askRegistration(staffed, "POST", "", { body: documented })).text);
  const request = authorizationUrl(staffed.issuer, client, { redirect_uri: "http://localhost:8080" });
  const enter = async (username: string) => {
    const agent = userAgent(signet.url);
    return agent.submit(await agent.open(request), { username, password });
  };
  expect((await enter("carol")).heading).toBe("Allow access");
  expect((await enter("dave")).heading).toBe("Sign in");
});
