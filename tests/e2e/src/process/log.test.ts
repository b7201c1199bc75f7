import { otlpReceiver } from "@signet/telemetry/testing";
import {
  administer,
  authorizationUrl,
  newApplication,
  newPkce,
  obtainCode,
  redeem,
  refresh,
  registerClient,
  tokenRequest,
  tokensOf,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { expect, test } from "vitest";
import {
  askConfiguration,
  askToRegister,
  dynamicClient,
  initialAccessToken,
  setRegistration,
} from "../dynamic-registration-request.ts";
import { entriesOf, metricsOf } from "./printed.ts";
import { adminPassword, adminToken, startNew, stop } from "./processes.ts";

test("the reference on an error page finds the refusal in the log, one JSON line, at the level debug", async () => {
  const { signet, home } = await startNew({ SIGNET_LOG_LEVEL: "debug" });
  const client = await registerClient(home);
  const addresses = {
    authorization: authorizationUrl(signet.url, client, { redirect_uri: "https://elsewhere.example/" }),
    interaction: `${signet.url}/sign-in/0123456789abcdef0123456789abcdef`,
    nothing: `${signet.url}/there/is/nothing`,
    noTenant: `${signet.url}/nobody/oauth2/v1/auth`,
  };
  const references = new Map<string, string | undefined>();
  for (const [name, address] of Object.entries(addresses)) {
    const reply = await userAgent(signet.url).request(address, { headers: { Accept: "text/html" } });
    references.set(name, /id="error-id">(\w+)</.exec(await reply.text())?.[1]);
  }
  await stop(signet);
  const logged = entriesOf(signet.output());
  for (const [name, reference] of references) {
    expect([name, reference]).toEqual([name, expect.stringMatching(/^\w{16,}$/)]);
    const found = logged.filter(({ requestId, msg }) => requestId === reference && msg === "a request was refused");
    expect([name, found.length]).toEqual([name, 1]);
  }
});

test("at the level info each request is one line, whether it went well or was refused, but for what asks whether Signet lives", async () => {
  const { signet, home } = await startNew({ SIGNET_LOG_LEVEL: "info" });
  const application = await newApplication(home);
  await tokensOf(await redeem(application, await obtainCode(application)));
  await userinfo(signet.url, "no-access-token");
  await fetch(`${signet.url}/readyz`);
  await fetch(`${signet.url}/there/is/nothing?secret=canary`);
  await stop(signet);
  const entries = entriesOf(signet.output());
  const ofRequests = {
    level: "info",
    msg: "a request was answered",
    requestId: expect.any(String),
    durationMs: expect.any(Number),
  };
  for (const entry of entries) expect(entry).toMatchObject(ofRequests);
  const clientId = application.client.client_id;
  expect(entries.map(({ method, endpoint, status, tenant, clientId }) => [method, endpoint, status, tenant, clientId])).toEqual([
    ["POST", "/v1/oidc/:workplace/registration", 200, undefined, undefined],
    ["GET", "/oauth2/v1/auth", 303, "default", clientId],
    ["GET", "/sign-in/:interaction", 200, "default", undefined],
    ["POST", "/sign-in/:interaction", 303, "default", undefined],
    ["GET", "/consent/:interaction", 200, "default", undefined],
    ["POST", "/consent/:interaction", 303, "default", undefined],
    ["POST", "/oauth2/v1/token", 200, "default", clientId],
    ["GET", "/oauth2/v1/userinfo", 401, "default", undefined],
    ["GET", "none", 404, undefined, undefined],
  ]);
  expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(entries.length);
});

test("at the level warn nothing is logged of requests that went well or were refused", async () => {
  const { signet, home } = await startNew({ SIGNET_LOG_LEVEL: "warn" });
  const application = await newApplication(home);
  await tokensOf(await redeem(application, await obtainCode(application)));
  await userinfo(signet.url, "no-access-token");
  await stop(signet);
  expect(entriesOf(signet.output())).toEqual([]);
});

test("K7: no secret is in the log at any level, the metrics or the traces, neither a good one nor one that was refused", async () => {
  const receiver = await otlpReceiver();
  const telemetry = { SIGNET_METRICS_LISTEN: "127.0.0.1:0", SIGNET_OTLP_URL: receiver.url };
  const { signet, home } = await startNew({ SIGNET_LOG_LEVEL: "debug", ...telemetry });
  const application = await newApplication(home);
  const { client, agent, issuer } = application;
  const canary = newPkce().verifier;

  const signIn = await agent.open(authorizationUrl(issuer, client, { login_hint: "admin" }));
  const cookies = new Map(agent.cookies);
  const mistyped = { username: "admin", password: `mistyped-${canary}` };
  expect((await agent.submit(signIn, mistyped)).heading).toBe("Sign in");
  const scope = { scope: "openid offline_access" };
  const [spoiled, code] = [await obtainCode(application, scope), await obtainCode(application, scope)];
  expect((await redeem(application, spoiled, { code_verifier: canary })).status).toBe(400);
  const tokens = await tokensOf(await redeem(application, code));
  const next = await tokensOf(await refresh(application, tokens.refresh_token));
  for (const [path, token] of [
    ["/oauth2/v1/introspect", next.access_token],
    ["/oauth2/v1/introspect", next.refresh_token],
    ["/oauth2/v1/introspect", canary],
    ["/oauth2/v1/revoke", canary],
  ] as const) {
    expect((await tokenRequest(issuer, client, { token }, path)).status).toBe(200);
  }
  const registering = { ...home, name: "default", issuer };
  await setRegistration(registering, { mode: "open" });
  const initial = await initialAccessToken(registering);
  const dynamic = await dynamicClient(registering, { grant_types: ["authorization_code"] }, initial);
  const { client_id, registration_access_token } = dynamic;
  const redirect_uris = ["https://app.example/callback"];
  const refused = [
    askToRegister(registering, { redirect_uris }, canary),
    askToRegister(registering, { redirect_uris }, initial),
    askToRegister(registering, { redirect_uris, software_statement: `${canary}.${canary}.${canary}` }),
    askConfiguration(dynamic, "GET", undefined, canary),
    askConfiguration(dynamic, "PUT", { client_id, redirect_uris, client_secret: canary }),
    askConfiguration(dynamic, "PUT", { client_id, redirect_uris, registration_access_token }),
    tokenRequest(issuer, { ...client, client_secret: canary }, { token: canary }, "/oauth2/v1/introspect"),
    tokenRequest(issuer, client, { token: next.id_token }, "/oauth2/v1/revoke"),
    redeem(application, code),
    redeem(application, { code: canary, verifier: canary }),
    refresh(application, `${tokens.refresh_token.slice(0, -1)}-`),
    refresh(application, canary),
    userinfo(issuer, `${tokens.access_token}-`),
    userinfo(issuer, canary),
    fetch(`${issuer}/oauth2/v1/userinfo?access_token=${tokens.access_token}`),
    tokenRequest(issuer, { ...client, client_secret: canary }, { grant_type: "client_credentials" }),
    tokenRequest(issuer, client, { grant_type: "client_credentials", client_secret: client.client_secret }),
    fetch(`${issuer}/v1/oidc/default/registration?client_id=${canary}`, { headers: { Authorization: `Bearer ${canary}` } }),
    fetch(`${issuer}/v1/workplaces`, { headers: { "X-Auth-Token": canary } }),
    tokenRequest(issuer, { ...client, client_id: canary }, { grant_type: "client_credentials" }),
    fetch(`${issuer}/${canary}`, { headers: { traceparent: canary, tracestate: `signet=${canary}` } }),
  ];
  for (const [name, value] of agent.cookies) cookies.set(name, value);
  for (const { status } of await Promise.all<{ readonly status: number }>(refused)) expect(status).toBeGreaterThanOrEqual(400);
  await expect(administer(home, "POST", "/default/users", { username: "a b", password: canary })).rejects.toThrow("400");
  const metrics = await metricsOf(signet.output());
  await stop(signet);

  expect(receiver.spans.length).toBeGreaterThanOrEqual(refused.length);
  expect(metrics).toContain('signet_http_requests_total{endpoint="/oauth2/v1/token"');
  const told = [signet.output(), metrics, ...receiver.raw].join("\n");
  expect(entriesOf(signet.output()).length).toBeGreaterThanOrEqual(refused.length);
  const secrets = {
    adminToken,
    adminPassword,
    registrationToken: home.registrationToken,
    clientSecret: client.client_secret,
    canary,
    code: code.code,
    verifier: code.verifier,
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    nextRefreshToken: next.refresh_token,
    initialAccessToken: initial.split(".")[1] ?? "",
    registrationAccessToken: registration_access_token,
    dynamicSecret: dynamic.client_secret,
    // An interaction's cookie has the interaction's id before the secret.
    ...Object.fromEntries([...cookies].map(([name, value]) => [name, value.split(".").at(-1) ?? ""])),
  };
  expect([...cookies.keys()].join()).toMatch(/signet_interaction_.*signet_session_/);
  for (const [name, secret] of Object.entries(secrets)) {
    expect([name, secret]).toEqual([name, expect.stringMatching(/^.{16,}$/)]);
    expect([name, told.includes(secret)]).toEqual([name, false]);
  }
});
