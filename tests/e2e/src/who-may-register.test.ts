import { administer, clockwork, redirectUri, type Signet, startSignet, tokenRequest } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  askConfiguration,
  askToRegister,
  dynamicClient,
  initialAccessToken,
  registeringTenant,
} from "./dynamic-registration-request.ts";

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

describe("who may register", () => {
  test("nobody, unless the tenant says so: 403, and discovery names no endpoint", async () => {
    const home = await tenant({});
    const reply = await askToRegister(home, { redirect_uris: [redirectUri] }, home.registrationToken);
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([403, "access_denied"]);
    const discovery = await (await fetch(`${home.issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).not.toHaveProperty("registration_endpoint");
  });

  test("who has an initial access token, as often as it says", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home, { uses: 2, label: "two" });
    const first = await dynamicClient(home, {}, token);
    expect(first).not.toHaveProperty("client_expires_at");
    expect(first.client_secret_expires_at).toBe(0);
    await dynamicClient(home, {}, token);
    const third = await askToRegister(home, { redirect_uris: [redirectUri] }, token);
    expect([third.status, JSON.parse(third.text).error]).toEqual([401, "invalid_token"]);
    expect(third.headers["www-authenticate"]).toMatch(/^Bearer realm="signet", error="invalid_token"/);
  });

  test("of 20 at the same time with a token for one exactly one", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => askToRegister(home, { redirect_uris: [redirectUri] }, token)),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 401)]);
  });

  test("what is wrong with the metadata uses no token up", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home);
    expect((await askToRegister(home, { redirect_uris: [] }, token)).status).toBe(400);
    await dynamicClient(home, {}, token);
  });

  test("who has the workplace's OIDC token", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    await dynamicClient(home, {}, home.registrationToken);
    await dynamicClient(home, {}, home.registrationToken);
  });

  test("T1: nobody without a token, with a wrong one, another tenant's, a deleted or an expired one", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const other = await tenant({ mode: "initial_access_token" });
    const expired = await initialAccessToken(home, { lifetime: 60_000 });
    time.advance(60_000);
    const deleted = await initialAccessToken(home);
    const id = deleted.split(".")[0];
    await administer(signet, "DELETE", `/${home.name}/oidc/initial-access-tokens/${id}`);
    const tokens = [undefined, "x".repeat(43), deleted, expired, await initialAccessToken(other), other.registrationToken];
    for (const token of tokens) {
      const reply = await askToRegister(home, { redirect_uris: [redirectUri] }, token);
      expect([reply.status, JSON.parse(reply.text).error], String(token)).toEqual([401, "invalid_token"]);
      expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/);
    }
  });

  test("a wrong token opens no open tenant either", async () => {
    expect((await askToRegister(open, { redirect_uris: [redirectUri] }, "x".repeat(43))).status).toBe(401);
  });

  test("as many as the quota", async () => {
    const home = await tenant({ mode: "open", quota: 2 });
    const first = await dynamicClient(home);
    await dynamicClient(home);
    const reply = await askToRegister(home, { redirect_uris: [redirectUri] });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([403, "access_denied"]);
    await askConfiguration(first, "DELETE");
    await dynamicClient(home);
  });

  test("an administrator sees initial access tokens without their secrets, in pages", async () => {
    const home = await tenant({ mode: "initial_access_token" });
    const token = await initialAccessToken(home, { label: "one", uses: 5 });
    await initialAccessToken(home);
    await dynamicClient(home, {}, token);
    const address = `${signet.url}/v1/workplaces/${home.name}/oidc/initial-access-tokens?limit=1`;
    const headers = { "X-Auth-Token": signet.adminToken };
    const { result, next_cursor } = JSON.parse(await (await fetch(address, { headers })).text());
    const rest = JSON.parse(await (await fetch(`${address}&cursor=${next_cursor}`, { headers })).text());
    const all = [...result, ...rest.result];
    expect(rest.next_cursor).toBe("");
    expect(all.find(({ label }) => label === "one")).toStrictEqual({
      id: token.split(".")[0],
      label: "one",
      uses: 5,
      used: 1,
      created_at: time.clock(),
      expires_at: time.clock() + 7 * 86_400_000,
    });
    expect(JSON.stringify(all)).not.toContain(token.split(".")[1]);
  });
});

describe("clients that registered openly expire", () => {
  test("to the second: refused everywhere, and their place is free", async () => {
    const home = await tenant({ mode: "open", quota: 1, open_client_lifetime: 3_600_000, grant_types: ["client_credentials"] });
    const client = await dynamicClient(home, { grant_types: ["client_credentials"], redirect_uris: [] });
    const grant = { grant_type: "client_credentials" };
    time.advance(3_599_000);
    expect((await tokenRequest(home.issuer, client, grant)).status).toBe(200);
    time.advance(1000);
    expect((await tokenRequest(home.issuer, client, grant)).status).toBe(401);
    expect((await askConfiguration(client, "GET")).status).toBe(401);
    const list = await fetch(`${signet.url}/v1/oidc/${home.name}/registration`, {
      headers: { Authorization: `Bearer ${home.registrationToken}` },
    });
    expect(await list.json()).toEqual([]);
    await dynamicClient(home, { grant_types: ["client_credentials"], redirect_uris: [] });
  });

  test("unless they are replaced before", async () => {
    const home = await tenant({ mode: "open", open_client_lifetime: 3_600_000 });
    const client = await dynamicClient(home);
    time.advance(3_599_000);
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri] });
    expect(JSON.parse(reply.text).client_expires_at).toBe(Math.floor(time.clock() / 1000) + 3600);
    time.advance(3_599_000);
    expect((await askConfiguration(client, "GET")).status).toBe(200);
  });
});
