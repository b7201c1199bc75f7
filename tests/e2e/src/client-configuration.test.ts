import {
  clockwork,
  createUser,
  newApplication,
  obtainTokens,
  redirectUri,
  refresh,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askConfiguration, dynamicClient, registeringTenant, setRegistration } from "./dynamic-registration-request.ts";

const time = clockwork();
let signet: Signet;
let open: Awaited<ReturnType<typeof registeringTenant>>;
let count = 0;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  open = await registeringTenant(signet, "registering", { mode: "open" });
});
afterAll(() => signet.stop());

const tenant = (settings: Readonly<Record<string, unknown>>) => registeringTenant(signet, `registering-${++count}`, settings);

describe("RFC 7592: the client's own registration", () => {
  test("is read as it was told, with the same secret and the same token", async () => {
    const { client_secret, ...client } = await dynamicClient(open, { client_name: "Read", contacts: ["a@app.example"] });
    const reply = await askConfiguration({ client_secret, ...client }, "GET");
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
    expect(JSON.parse(reply.text)).toStrictEqual({ ...client, client_secret });
  });

  test("is replaced as a whole: what is left out has its default", async () => {
    const client = await dynamicClient(open, { client_name: "Before", logo_uri: "https://app.example/logo.png" });
    const replacement = { client_id: client.client_id, client_secret: client.client_secret };
    const uris = ["https://app.example/other"];
    const reply = await askConfiguration(client, "PUT", { ...replacement, redirect_uris: uris, client_name: null });
    expect(reply.status, reply.text).toBe(200);
    const replaced = JSON.parse(reply.text);
    expect(replaced).toMatchObject({ ...replacement, redirect_uris: uris });
    expect(replaced).not.toHaveProperty("client_name");
    expect(replaced).not.toHaveProperty("logo_uri");
    expect(JSON.parse((await askConfiguration(client, "GET")).text)).toStrictEqual(replaced);
  });

  test("G2: a change of the method is validated with all the rest, and takes or gives a secret", async () => {
    const client = await dynamicClient(open);
    const { client_id } = client;
    const redirect_uris = [redirectUri];
    const refused = await askConfiguration(client, "PUT", {
      client_id,
      redirect_uris,
      token_endpoint_auth_method: "private_key_jwt",
    });
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([400, "invalid_client_metadata"]);
    const opened = await askConfiguration(client, "PUT", { client_id, redirect_uris, token_endpoint_auth_method: "none" });
    expect(JSON.parse(opened.text)).not.toHaveProperty("client_secret");
    const closed = JSON.parse((await askConfiguration(client, "PUT", { client_id, redirect_uris })).text);
    expect(closed.client_secret).toMatch(/^[\w-]{43}$/);
    expect(closed.client_secret).not.toBe(client.client_secret);
  });

  test("G1: a replacement loosens nothing that an administrator has set", async () => {
    const client = await dynamicClient(open);
    const address = `${signet.url}/v1/oidc/${open.name}/registration?client_id=${client.client_id}`;
    const set = { require_signed_request_object: true, scope: "openid", resource_server: true };
    await fetch(address, {
      method: "POST",
      headers: { Authorization: `Bearer ${open.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(set),
    });
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", {
      client_id,
      redirect_uris: [redirectUri],
      scope: "openid email",
      client_name: "Mine",
      require_signed_request_object: false,
    });
    expect(JSON.parse(reply.text)).toMatchObject({ ...set, client_name: "Mine" });
  });

  test.each([
    ["another client_id", { client_id: "0".repeat(24) }],
    ["no client_id", { client_id: null }],
    ["another secret", { client_secret: "mine" }],
    ["the registration access token", { registration_access_token: "x" }],
    ["its address", { registration_client_uri: "https://app.example" }],
    ["the secret's end", { client_secret_expires_at: 0 }],
    ["the moment of its registration", { client_id_issued_at: 1 }],
  ])("a replacement with %s is refused", async (_what, members) => {
    const client = await dynamicClient(open);
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri], ...members });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
  });

  test("is deleted with 204, and the client is refused from then on", async () => {
    const client = await dynamicClient(open);
    const reply = await askConfiguration(client, "DELETE");
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect((await askConfiguration(client, "GET")).status).toBe(401);
    const parameters = { grant_type: "authorization_code", code: "x", redirect_uri: redirectUri };
    expect((await tokenRequest(open.issuer, client, parameters)).status).toBe(401);
  });

  test("what was issued to a deleted client is refused within a second", async () => {
    const home = await tenant({ mode: "open" });
    const person = await createUser(home, "dynamic-ann");
    const client = await dynamicClient(home, { grant_types: ["authorization_code", "refresh_token"] });
    const application = { ...(await newApplication(home, { person })), client };
    const tokens = await obtainTokens(application);
    expect((await askConfiguration(client, "DELETE")).status).toBe(204);
    const within = { timeout: 1000 };
    await expect.poll(async () => (await refresh(application, tokens.refresh_token)).status, within).toBe(401);
    await expect.poll(async () => (await userinfo(home.issuer, tokens.access_token)).status, within).toBe(401);
  });

  test("G3, T1: a token of another client, another tenant, a client that an administrator registered, a deleted one, or none is one answer: 401", async () => {
    const client = await dynamicClient(open);
    const other = await dynamicClient(open);
    const elsewhere = await tenant({ mode: "open" });
    const foreign = await dynamicClient(elsewhere);
    const byAdministrator = await registerClient(open, {}, open.name);
    const deleted = await dynamicClient(open);
    await askConfiguration(deleted, "DELETE");
    const at = (id: string) => `${open.issuer}/oauth2/v1/register/${id}`;
    const attempts = [
      { ...client, registration_access_token: other.registration_access_token },
      { ...client, registration_access_token: foreign.registration_access_token },
      { ...client, registration_access_token: open.registrationToken },
      { ...foreign, registration_client_uri: at(foreign.client_id) },
      { ...client, registration_client_uri: at(byAdministrator.client_id) },
      { ...client, registration_client_uri: at("0".repeat(24)) },
      { ...client, registration_client_uri: at("x") },
      deleted,
    ];
    for (const method of ["GET", "PUT", "DELETE"]) {
      const replies = [];
      for (const attempt of attempts) {
        const client_id = attempt.registration_client_uri.split("/").at(-1);
        const body = method === "PUT" ? { client_id, redirect_uris: [redirectUri] } : undefined;
        replies.push(await askConfiguration(attempt, method, body));
      }
      const [first, ...rest] = replies.map(({ status, text, headers }) => [status, text, headers["www-authenticate"]]);
      expect(first).toEqual([401, expect.stringContaining('"invalid_token"'), expect.stringMatching(/^Bearer/)]);
      for (const reply of rest) expect(reply).toEqual(first);
    }
    expect((await askConfiguration(client, "GET")).status).toBe(200);
  });

  test("without a token the answer is 401 with a bare challenge", async () => {
    const client = await dynamicClient(open);
    const reply = await fetch(client.registration_client_uri);
    expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="signet"']);
  });

  test("once a tenant turns registration off, clients are read and deleted, but change no more: 403", async () => {
    const home = await tenant({ mode: "open" });
    const client = await dynamicClient(home);
    await setRegistration(home, { mode: "off" });
    const { client_id } = client;
    expect((await askConfiguration(client, "GET")).status).toBe(200);
    expect((await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri] })).status).toBe(403);
    expect((await askConfiguration(client, "DELETE")).status).toBe(204);
  });
});
