import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startTelemetry, type TelemetryOptions } from "./start-telemetry.ts";
import { otlpReceiver } from "./testing/index.ts";
import { call, request } from "./testing/observed.ts";

async function start(options: Partial<TelemetryOptions> = {}) {
  const lines: string[] = [];
  const telemetry = await startTelemetry({
    service: "token",
    logLevel: "warn",
    metricsListen: undefined,
    otlpUrl: undefined,
    output: { write: (line) => lines.push(line) },
    ...options,
  });
  onTestFinished(() => telemetry.close());
  return { telemetry, entries: () => lines.map((line) => JSON.parse(line)) };
}

const nobody = { requests: undefined, callsServed: undefined, callsMade: undefined, stores: undefined, onLookUp: undefined };
const redemption = { ...call, service: "signet.auth.v1.AuthService", method: "RedeemCode", caller: "token" };

test("with everything off there is nobody to tell anything", async () => {
  const { telemetry } = await start();
  expect(telemetry).toMatchObject({ ...nobody, metricsUrl: undefined });
});

test("with a log alone only requests and the calls served are told of", async () => {
  const { telemetry } = await start({ logLevel: "info" });
  expect(telemetry).toMatchObject({ ...nobody, requests: expect.anything(), callsServed: expect.anything() });
});

test("with everything off no library of metrics or traces is loaded", async () => {
  const source = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { startTelemetry } = await import(${JSON.stringify(import.meta.resolve("./start-telemetry.ts"))});
    const on = process.argv[1] === "on";
    const telemetry = await startTelemetry({
      service: "token", logLevel: "silent",
      metricsListen: on ? "127.0.0.1:0" : undefined, otlpUrl: on ? "http://127.0.0.1:9" : undefined,
    });
    await telemetry.close();
    console.log(loaded.filter((url) => /prom-client|opentelemetry/.test(url)).length);
  `;
  const run = promisify(execFile);
  const count = async (how: string) =>
    Number((await run(process.execPath, ["--input-type=module", "--eval", source, how])).stdout);
  expect(await count("off")).toBe(0);
  expect(await count("on")).toBeGreaterThan(20);
});

test("metrics count what is told by endpoint, method and outcome", async () => {
  const { telemetry } = await start({ metricsListen: "127.0.0.1:0" });
  telemetry.requests?.begin(request).end({ status: 200 });
  telemetry.requests?.begin({ ...request, method: "PROPFIND", endpoint: "none" }).end({ status: 405 });
  telemetry.callsServed?.begin(redemption).end("invalid_grant");
  telemetry.callsMade?.begin(redemption);
  telemetry.stores?.begin("codes", "consume").end("unavailable");
  telemetry.onLookUp?.("clients", true);
  telemetry.onLookUp?.("clients", false);
  telemetry.watchQueue("passwords", () => 7);
  const text = await (await fetch(telemetry.metricsUrl ?? "")).text();
  const service = 'service="signet.auth.v1.AuthService"';
  for (const line of [
    'signet_http_requests_total{endpoint="/oauth2/v1/token",method="POST",status="200"} 1',
    'signet_http_requests_total{endpoint="none",method="other",status="405"} 1',
    'signet_http_request_duration_seconds_count{endpoint="/oauth2/v1/token",method="POST"} 1',
    "signet_http_requests_in_flight 0",
    `signet_rpc_server_calls_total{${service},method="RedeemCode",outcome="invalid_grant"} 1`,
    `signet_rpc_server_call_duration_seconds_count{${service},method="RedeemCode"} 1`,
    `signet_rpc_server_calls_in_flight{${service}} 0`,
    `signet_rpc_client_calls_in_flight{${service}} 1`,
    'signet_store_operations_total{store="codes",verb="consume",outcome="unavailable"} 1',
    'signet_store_operation_duration_seconds_count{store="codes",verb="consume"} 1',
    'signet_store_operations_in_flight{store="codes"} 0',
    'signet_cache_lookups_total{cache="clients",result="hit"} 1',
    'signet_cache_lookups_total{cache="clients",result="miss"} 1',
    'signet_queue_length{queue="passwords"} 7',
    `signet_info{program="token",node="${process.version}"} 1`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/^signet_event_loop_lag_seconds\{quantile="0\.99"\} [\d.e-]+$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
});

test("the end of a process that traces sends what is left, and the log has the trace's id", async () => {
  const receiver = await otlpReceiver();
  const { telemetry, entries } = await start({ otlpUrl: receiver.url, logLevel: "info" });
  const observed = telemetry.requests?.begin(request);
  observed?.run(() => telemetry.logger.warn("within"));
  telemetry.logger.warn("outside");
  observed?.end({ status: 200 });
  await telemetry.close();
  const traceId = receiver.spans[0]?.traceId;
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(entries().map((entry) => [entry.msg, entry.traceId])).toEqual([
    ["within", traceId],
    ["outside", undefined],
    ["a request was answered", traceId],
  ]);
});

test("a collector that refuses, or is away, is told of once, without its address", async () => {
  const receiver = await otlpReceiver(400);
  const { telemetry, entries } = await start({ otlpUrl: receiver.url.replace("//", "//user:canary@") });
  telemetry.requests?.begin(request).end({ status: 200 });
  await telemetry.close();
  expect(entries()).toMatchObject([{ level: "warn", service: "token", msg: "traces could not be sent" }]);
  expect(JSON.stringify(entries())).not.toMatch(/canary|127\.0\.0\.1/);
});
