import { type OtlpReceiver, otlpReceiver, type ReceivedSpan } from "@signet/telemetry/testing";
import {
  type Home,
  newApplication,
  newPkce,
  obtainCode,
  redeem,
  refresh,
  services,
  startServices,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { expect, onTestFinished, test } from "vitest";
import { entriesOf, metricsOf } from "./printed.ts";
import { startNew, stop } from "./processes.ts";

/** Everything on: metrics at a port that the log names, and traces to the receiver. */
async function everythingOn() {
  const receiver = await otlpReceiver();
  return {
    receiver,
    settings: { SIGNET_LOG_LEVEL: "info", SIGNET_METRICS_LISTEN: "127.0.0.1:0", SIGNET_OTLP_URL: receiver.url },
  };
}

/** Signs in, redeems the code, uses the refresh token: what most requests are. Returns every secret that was in it, good ones and refused ones. */
async function useSignet(home: Home): Promise<readonly string[]> {
  const application = await newApplication(home);
  const { client, agent, issuer } = application;
  const { code, verifier } = await obtainCode(application, { scope: "openid offline_access" });
  const tokens = await tokensOf(await redeem(application, { code, verifier }));
  const next = await tokensOf(await refresh(application, tokens.refresh_token));
  const wrong = newPkce().verifier;
  expect((await refresh(application, wrong)).status).toBe(400);
  expect((await redeem(application, { code: wrong, verifier: wrong })).status).toBe(400);
  expect((await tokenRequest(issuer, { ...client, client_secret: wrong }, { grant_type: "client_credentials" })).status).toBe(
    401,
  );
  expect((await userinfo(issuer, wrong)).status).toBe(401);
  expect((await userinfo(issuer, tokens.access_token)).status).toBe(200);
  expect((await fetch(`${issuer}/v1/workplaces`, { headers: { "X-Auth-Token": wrong } })).status).toBe(401);
  const { access_token, id_token, refresh_token } = tokens;
  const cookies = [...agent.cookies.values()].map((value) => value.split(".").at(-1) ?? "");
  const own = [home.adminToken, home.adminPassword, home.registrationToken, client.client_secret];
  return [
    ...own,
    ...cookies,
    code,
    verifier,
    wrong,
    access_token,
    id_token,
    refresh_token,
    next.access_token,
    next.refresh_token,
  ];
}

/** The value of the one series that `pattern` finds. */
function readingOf(metrics: string, pattern: RegExp): number {
  const found = metrics.split("\n").filter((line) => pattern.test(line));
  expect([pattern, found]).toEqual([pattern, [expect.any(String)]]);
  return Number(found[0]?.split(" ").at(-1));
}

/** The spans from the first of the trace to the one that `isLast` finds, in their order. */
function pathTo(isLast: (span: ReceivedSpan) => boolean, { spans }: OtlpReceiver): readonly (readonly [string, string])[] {
  const path: (readonly [string, string])[] = [];
  let span = spans.find(isLast);
  while (span !== undefined) {
    const { traceId, parentSpanId } = span;
    path.unshift([span.service, span.name]);
    span = spans.find((other) => other.traceId === traceId && other.spanId === parentSpanId);
  }
  return path;
}

test("one process: changes of signing keys are lines of the log, and count", async () => {
  const { settings } = await everythingOn();
  const { signet, home } = await startNew(settings);
  expect((await fetch(`${home.url}/oauth2/v1/certs`)).status).toBe(200);
  for (const how of ["rotate", "emergency"]) {
    const request = { method: "POST", headers: { "X-Auth-Token": home.adminToken } };
    expect((await fetch(`${home.url}/v1/workplaces/default/keys/${how}`, request)).status).toBe(200);
  }
  const metrics = await metricsOf(signet.output());
  await stop(signet);
  const reasons = ["requested", "emergency"];
  for (const reason of reasons) {
    expect(readingOf(metrics, new RegExp(`^signet_signing_key_changes_total\\{reason="${reason}"\\}`))).toBe(1);
  }
  const changes = entriesOf(signet.output()).filter(({ kid }) => kid !== undefined);
  expect(changes.map(({ reason, algorithm }) => [reason, algorithm])).toEqual(reasons.map((reason) => [reason, "RS256"]));
});

test("one process: a code's redemption is one trace from the endpoint through the token and the auth service to the store", async () => {
  const { receiver, settings } = await everythingOn();
  const { signet, home } = await startNew(settings);
  await useSignet(home);
  await stop(signet);
  expect(pathTo(({ name }) => name === "codes.consume", receiver)).toEqual([
    ["signet-standalone", "POST /oauth2/v1/token"],
    ["signet-standalone", "signet.token.v1.TokenService/Exchange"],
    ["signet-standalone", "signet.auth.v1.AuthService/RedeemCode"],
    ["signet-standalone", "codes.consume"],
  ]);
});

test("one process: the metrics count requests by endpoint, calls by method, operations by store and verb, and the caches' hits", async () => {
  const { settings } = await everythingOn();
  const { signet, home } = await startNew(settings);
  await useSignet(home);
  const metrics = await metricsOf(signet.output());
  await stop(signet);
  const token = 'signet_http_requests_total{endpoint="/oauth2/v1/token",method="POST"';
  expect(metrics).toContain(`${token},status="200"} 2`);
  expect(metrics).toContain(`${token},status="400"} 2`);
  expect(metrics).toContain(`${token},status="401"} 1`);
  expect(readingOf(metrics, /^signet_http_request_duration_seconds_count\{endpoint="\/oauth2\/v1\/token",method="POST"\}/)).toBe(
    5,
  );
  expect(readingOf(metrics, /^signet_rpc_server_calls_total\{.*method="Exchange",outcome="ok"\}/)).toBe(2);
  expect(readingOf(metrics, /^signet_rpc_server_calls_total\{.*method="Exchange",outcome="invalid_grant"\}/)).toBe(2);
  expect(readingOf(metrics, /^signet_store_operations_total\{store="codes",verb="consume",outcome="ok"\}/)).toBe(2);
  expect(readingOf(metrics, /^signet_store_operation_duration_seconds_count\{store="codes",verb="consume"\}/)).toBe(2);
  expect(readingOf(metrics, /^signet_cache_lookups_total\{cache="clients",result="hit"\}/)).toBeGreaterThan(0);
  expect(readingOf(metrics, /^signet_queue_length\{queue="passwords"\}/)).toBe(0);
  expect(readingOf(metrics, /^signet_http_requests_in_flight/)).toBe(0);
});

/** What services that were used have told, once they have ended. */
async function useServices(settings: Readonly<Record<string, string>>) {
  const signet = await startServices({ environment: settings });
  let isRunning = true;
  onTestFinished(async () => {
    if (isRunning) await signet.stop();
  });
  const secrets = await useSignet(signet);
  const metrics = await Promise.all(services.map((name) => metricsOf(signet.programs[name].output())));
  await signet.stop();
  isRunning = false;
  return { secrets, metrics, outputs: services.map((name) => signet.programs[name].output()) };
}

test("services: a code's redemption is one trace and one request id from the gateway through token and auth to the store", async () => {
  const { receiver, settings } = await everythingOn();
  const { outputs, metrics } = await useServices(settings);

  expect(pathTo(({ name }) => name === "codes.consume", receiver)).toEqual([
    ["signet-gateway", "POST /oauth2/v1/token"],
    ["signet-gateway", "signet.token.v1.TokenService/Exchange"],
    ["signet-token", "signet.token.v1.TokenService/Exchange"],
    ["signet-token", "signet.auth.v1.AuthService/RedeemCode"],
    ["signet-auth", "signet.auth.v1.AuthService/RedeemCode"],
    ["signet-auth", "codes.consume"],
  ]);

  const entries = outputs.flatMap(entriesOf);
  const redemption = entries.find(({ method }) => method === "/signet.auth.v1.AuthService/RedeemCode");
  const sameRequest = entries.filter(({ requestId }) => requestId === redemption?.requestId);
  expect(sameRequest.map(({ service, method, endpoint, caller }) => [service, method, endpoint ?? caller])).toEqual([
    ["auth", "/signet.auth.v1.AuthService/RedeemCode", "token"],
    ["token", "/signet.token.v1.TokenService/Exchange", "gateway"],
    ["gateway", "POST", "/oauth2/v1/token"],
  ]);
  expect(new Set(sameRequest.map(({ traceId }) => traceId)).size).toBe(1);

  const all = metrics.join("\n");
  expect(readingOf(all, /^signet_rpc_client_calls_total\{.*method="RedeemCode",outcome="ok"\}/)).toBe(1);
  expect(readingOf(all, /^signet_rpc_server_calls_total\{.*method="RedeemCode",outcome="ok"\}/)).toBe(1);
  expect(readingOf(all, /^signet_store_operations_total\{store="codes",verb="consume",outcome="ok"\}/)).toBe(2);
});

test("K7: services: no secret is in any service's log, metrics or traces", async () => {
  const { receiver, settings } = await everythingOn();
  const { secrets, metrics, outputs } = await useServices({ ...settings, SIGNET_LOG_LEVEL: "debug" });
  const told = [...outputs, ...metrics, ...receiver.raw].join("\n");
  expect(entriesOf(told).filter(({ level }) => level === "debug").length).toBeGreaterThan(10);
  expect(receiver.spans.length).toBeGreaterThan(20);
  // The testkit's service tokens all begin so.
  for (const secret of [...secrets, "test-service-token"]) {
    expect(secret).toMatch(/^.{16,}$/);
    expect([secret, told.includes(secret)]).toEqual([secret, false]);
  }
});
