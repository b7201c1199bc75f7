import { randomBytes } from "node:crypto";
import { otlpReceiver } from "@signet/telemetry/testing";
import {
  type Application,
  authorizationUrl,
  type DeployedServices,
  hiddenFields,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  redeem,
  redirectUri,
  refresh,
  type Signet,
  services,
  tokenRequest,
  tokensOf,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { expect, test } from "vitest";
import { deployReady, entriesOf, until } from "./deployed.ts";
import { homeOf } from "./home.ts";

/** Stands in everything that is sent and ought to be nowhere in the log. Only what has the shape of a client's id is logged as one. */
const marker = `canary-${randomBytes(12).toString("hex")}`;

const authorizationParameters = [
  ...["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"],
  ...["response_mode", "prompt", "max_age", "login_hint", "ui_locales", "claims", "id_token_hint", "acr_values", "display"],
  ...["request", "request_uri", "no_such_parameter"],
];
const tokenParameters = [
  ...["grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "client_id", "client_secret", "scope"],
  ...["username", "password", "assertion", "client_assertion", "client_assertion_type", "no_such_parameter"],
];
const headerNames = [
  ...["Authorization", "X-Auth-Token", "Cookie", "Origin", "Referer", "User-Agent", "X-Request-Id", "traceparent", "tracestate"],
  ...["Accept", "Accept-Language", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "If-None-Match", "Content-Type"],
];
const clientMembers = ["client_name", "redirect_uris", "grant_types", "scope", "scopes", "logo_uri", "no_such_member"];
const userMembers = ["username", "password", "email", "claims", "roles", "attributes", "no_such_member"];

/** Every address with the marker in every parameter, header, cookie and part of the path, one after the other. */
function markedRequests({ url, adminToken, registrationToken }: Signet, { client }: Application, tokens: readonly string[]) {
  const [accessToken = "", code = "", refreshToken = ""] = tokens;
  const send = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: "manual", ...init });
  const post = (path: string, body: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>) =>
    send(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  const cookies = ["signet_session_default", "signet_interaction", "signet_csrf"].map((name) => `${name}=${marker}.${marker}`);
  const pages = [
    ...["/oauth2/v1/auth", "/sign-in/0123456789abcdef", "/oauth2/v1/userinfo", "/oauth2/v1/introspect", "/oauth2/v1/revoke"],
    ...["/v1/workplaces", "/there/is/nothing"],
  ];
  const grants = {
    authorization_code: { code, redirect_uri: redirectUri, code_verifier: newPkce().verifier },
    refresh_token: { refresh_token: refreshToken },
    client_credentials: {},
  };
  const credentials = { client_id: client.client_id, client_secret: client.client_secret };
  const bearer = { Authorization: `Bearer ${registrationToken}` };
  const asAdministrator = { "X-Auth-Token": adminToken };
  return [
    ...authorizationParameters.flatMap((name) => {
      const address = new URL(authorizationUrl(url, client, { [name]: marker }));
      const body = new URLSearchParams(address.search);
      return [() => fetch(address, { redirect: "manual" }), () => send("/oauth2/v1/auth", { method: "POST", body })];
    }),
    ...Object.entries(grants).flatMap(([grant_type, rightly]) =>
      tokenParameters.map((name) => {
        const body = new URLSearchParams({ grant_type, ...credentials, ...rightly, [name]: marker });
        return () => send("/oauth2/v1/token", { method: "POST", body });
      }),
    ),
    ...pages.flatMap((path) => [
      ...headerNames.map((name) => () => send(path, { headers: { [name]: name === "Cookie" ? cookies.join("; ") : marker } })),
      () => send(`${path}?access_token=${accessToken}&${marker}=${marker}`),
      () => send(path, { method: "POST", body: new URLSearchParams({ [marker]: marker }) }),
      () => send(path, { headers: { Authorization: `Basic ${btoa(`${marker}:${marker}`)}` } }),
      () => send(path, { headers: { Authorization: `Bearer ${marker}` } }),
    ]),
    ...["", "/sign-in", "/consent", "/v1/workplaces", "/v1/oidc"].map((path) => () => send(`${path}/${marker}`)),
    () => send(`/${marker}/oauth2/v1/auth?client_id=${marker}`),
    ...clientMembers.flatMap((name) =>
      [marker, [marker], { [marker]: marker }, [{ name: marker }]].map((value) => () => {
        const body = { client_name: "Marked", redirect_uris: [redirectUri], [name]: value };
        return post("/v1/oidc/default/registration", body, bearer);
      }),
    ),
    ...userMembers.flatMap((name) =>
      [marker, [marker], { [marker]: marker }].map((value) => () => {
        const body = { username: `user-${randomBytes(4).toString("hex")}`, password: "a password that is long", [name]: value };
        return post("/v1/workplaces/default/users", body, asAdministrator);
      }),
    ),
    () => post("/v1/workplaces", { name: marker, [marker]: marker }, asAdministrator),
    () => post("/v1/workplaces", { name: `${marker} ` }, asAdministrator),
    () => send(`/v1/workplaces/default/users?cursor=${marker}`, { headers: asAdministrator }),
    () => send(`/v1/oidc/default/registration?client_id=${marker}`, { headers: bearer }),
    () => post("/v1/oidc/default/registration", {}, { Authorization: `Bearer ${marker}` }),
    () => send("/v1/workplaces/default/users", { method: "POST", headers: asAdministrator, body: `{"${marker}` }),
  ];
}

async function metricsOf(deployed: DeployedServices): Promise<string> {
  const texts = services.map(async (name) => {
    const entry = entriesOf(deployed.programs[name]).find(({ msg }) => msg === "metrics are served");
    return (await fetch(String(entry?.url))).text();
  });
  return (await Promise.all(texts)).join("\n");
}

/** What stands around each occurrence of `secret`, for whoever has to find out where it came from. */
function around(secret: string, text: string): readonly string[] {
  return [...text.matchAll(new RegExp(secret.replace(/[^\w]/g, "\\$&"), "g"))].map(({ index }) =>
    text.slice(Math.max(0, index - 120), index + 60),
  );
}

test("K7: with a marker in every parameter, header and cookie, and with good secrets, none is in any program's log, metrics or traces", async () => {
  const receiver = await otlpReceiver();
  const deployed = await deployReady({
    environment: { SIGNET_LOG_LEVEL: "debug", SIGNET_METRICS_LISTEN: "127.0.0.1:0", SIGNET_OTLP_URL: receiver.url },
  });
  const home = await homeOf(deployed);
  const application = await newApplication(home);
  const scope = { scope: "openid offline_access" };
  const [spoiled, code] = [await obtainCode(application, scope), await obtainCode(application, scope)];
  const tokens = await tokensOf(await redeem(application, code));
  const next = await tokensOf(await refresh(application, tokens.refresh_token));
  const opaque = await newApplication(home, { metadata: { access_token_format: "opaque" }, agent: application.agent });
  const other = await obtainTokens(opaque);

  const requests = markedRequests(home, application, [tokens.access_token, spoiled.code, next.refresh_token]);
  for (let begun = 0; begun < requests.length; begun += 16) {
    const replies = await Promise.all(requests.slice(begun, begun + 16).map((send) => send()));
    for (const reply of replies) {
      expect([reply.url, reply.status]).toEqual([reply.url, expect.toSatisfy((status: number) => status < 500)]);
      await reply.arrayBuffer();
    }
  }
  const agent = userAgent(home.url);
  const page = await agent.open(authorizationUrl(home.url, application.client));
  const seen = new Map(agent.cookies);
  for (const field of ["username", "password", ...Object.keys(hiddenFields(page.html))]) {
    const body = new URLSearchParams({ ...hiddenFields(page.html), username: "admin", password: "mistyped", [field]: marker });
    await (await agent.request(page.url, { method: "POST", body })).arrayBuffer();
  }
  for (const reply of [
    redeem(application, code),
    refresh(application, `${tokens.refresh_token.slice(0, -1)}-`),
    userinfo(home.url, other.access_token),
    userinfo(home.url, `${tokens.access_token}-`),
    tokenRequest(home.url, { ...application.client, client_secret: marker }, { grant_type: "client_credentials" }),
  ])
    await (await reply).arrayBuffer();

  const metrics = await metricsOf(deployed);
  await until(() => expect(new Set(receiver.spans.map(({ service }) => service)).size).toBe(services.length));
  await Promise.all(
    services.map(async (name) => {
      deployed.programs[name].signal("SIGTERM");
      expect(await deployed.programs[name].ended()).toBe(0);
    }),
  );
  const told = {
    metrics,
    traces: receiver.raw.join("\n"),
    ...Object.fromEntries(services.map((name) => [name, deployed.programs[name].output()])),
  };
  const secrets = {
    marker,
    adminToken: home.adminToken,
    adminPassword: home.adminPassword,
    registrationToken: home.registrationToken,
    keyEncryptionKey: deployed.keyEncryptionKey,
    ...Object.fromEntries(["gateway", "auth", "token"].map((caller) => [`token of ${caller}`, deployed.tokenOf(caller)])),
    clientSecret: application.client.client_secret,
    otherClientSecret: opaque.client.client_secret,
    spoiledCode: spoiled.code,
    code: code.code,
    verifier: code.verifier,
    accessToken: tokens.access_token,
    opaqueAccessToken: other.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    nextRefreshToken: next.refresh_token,
    // An interaction's cookie has the interaction's id before the secret.
    ...Object.fromEntries([...seen, ...application.agent.cookies].map(([name, value]) => [name, value.split(".").at(-1) ?? ""])),
  };
  for (const name of services) expect([name, entriesOf(deployed.programs[name]).length > 20]).toEqual([name, true]);
  for (const [name, secret] of Object.entries(secrets)) {
    expect([name, secret]).toEqual([name, expect.stringMatching(/^.{16,}$/)]);
    for (const [where, text] of Object.entries(told)) {
      expect([name, where, around(secret, text)]).toEqual([name, where, []]);
    }
  }
}, 60_000);

test("the id of a request is in the lines of every service that had a part in it", async () => {
  const deployed = await deployReady({ environment: { SIGNET_LOG_LEVEL: "info" } });
  const application = await newApplication(await homeOf(deployed));
  await tokensOf(await redeem(application, await obtainCode(application)));
  const request = await until(() => {
    const found = entriesOf(deployed.programs.gateway).find(
      ({ endpoint, msg }) => endpoint === "/oauth2/v1/token" && msg === "a request was answered",
    );
    return found ?? expect.fail("the request has no line");
  });
  expect(request).toMatchObject({ service: "gateway", method: "POST", status: 200, clientId: application.client.client_id });
  const expected = {
    "/signet.token.v1.TokenService/Exchange": ["token", "gateway"],
    "/signet.auth.v1.AuthService/RedeemCode": ["auth", "token"],
  } as const;
  for (const [method, [name, caller]] of Object.entries(expected)) {
    const line = { service: name, requestId: request.requestId, method, caller, outcome: "ok", msg: "a call was answered" };
    await until(() => expect(entriesOf(deployed.programs[name])).toContainEqual(expect.objectContaining(line)));
  }
});
