import { expect, test } from "vitest";
import { otlpReceiver, type ReceivedSpan } from "./testing/index.ts";
import { call, request } from "./testing/observed.ts";
import { startTracing, type Tracing } from "./tracing.ts";

const stranger = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const strangers = `00-${stranger.traceId}-${stranger.spanId}-01`;

/** The spans that are sent of what `work` does, by their names. */
async function traced(work: (tracing: Tracing) => void, share?: number): Promise<ReadonlyMap<string, ReceivedSpan>> {
  const receiver = await otlpReceiver();
  const failures: unknown[] = [];
  const tracing = startTracing({ service: "gateway", url: receiver.url, share, onFailure: (error) => failures.push(error) });
  work(tracing);
  await tracing.stop();
  expect(failures).toEqual([]);
  return new Map(receiver.spans.map((span) => [span.name, span]));
}

test("a request, the call that it makes, the call as it is served, and the store's operation are one trace", async () => {
  const spans = await traced((tracing) => {
    const outer = tracing.beginRequest(request);
    outer.run(() => {
      const made = tracing.beginMade(call);
      const served = tracing.beginServed({ ...call, method: "Exchanged", traceparent: made?.traceparent });
      served.run(() => tracing.beginOperation("codes", "consume")?.end("ok"));
      served.end("ok");
      made?.end("ok");
    });
    outer.end({ status: 200, tenant: "default", clientId: "0123456789abcdef01234567" });
  });
  const [outer, made, served, operation] = [
    "POST /oauth2/v1/token",
    "signet.token.v1.TokenService/Exchange",
    "signet.token.v1.TokenService/Exchanged",
    "codes.consume",
  ].map((name) => spans.get(name));
  expect(new Set([outer, made, served, operation].map((span) => span?.traceId)).size).toBe(1);
  expect(outer).toMatchObject({
    service: "signet-gateway",
    parentSpanId: "",
    attributes: {
      "http.request.method": "POST",
      "http.route": "/oauth2/v1/token",
      "http.response.status_code": 200,
      "signet.request_id": "r1",
      "signet.tenant": "default",
      "signet.client_id": "0123456789abcdef01234567",
    },
  });
  expect([made, served, operation].map((span) => span?.parentSpanId)).toEqual([outer?.spanId, made?.spanId, served?.spanId]);
});

test("a trace that a request from outside claims to be a part of is a link of a trace of its own", async () => {
  const spans = await traced((tracing) => tracing.beginRequest({ ...request, traceparent: strangers }).end({ status: 200 }));
  const span = spans.get("POST /oauth2/v1/token");
  expect(span).toMatchObject({ parentSpanId: "", links: [stranger] });
  expect(span?.traceId).not.toBe(stranger.traceId);
});

test("a request from outside cannot have itself recorded beyond the configured share", async () => {
  const spans = await traced((tracing) => tracing.beginRequest({ ...request, traceparent: strangers }).end({ status: 200 }), 0);
  expect(spans.size).toBe(0);
});

test("what the gateway has decided holds at the services, either way", async () => {
  const served = (flags: string) => (tracing: Tracing) =>
    tracing.beginServed({ ...call, traceparent: `00-${stranger.traceId}-${stranger.spanId}-${flags}` }).end("ok");
  expect((await traced(served("01"), 0)).size).toBe(1);
  expect((await traced(served("00"), 1)).size).toBe(0);
});

test("a trace that a foreign caller claims to be a part of is a link of a trace of its own, and decides nothing of what is recorded", async () => {
  const foreign = { ...call, caller: "billing", isFromOwnService: false, traceparent: strangers };
  const served = (tracing: Tracing) => tracing.beginServed(foreign).end("ok");
  const span = (await traced(served)).get("signet.token.v1.TokenService/Exchange");
  expect(span).toMatchObject({ parentSpanId: "", links: [stranger] });
  expect(span?.traceId).not.toBe(stranger.traceId);
  expect((await traced(served, 0)).size).toBe(0);
  const unrecorded = { ...foreign, traceparent: strangers.replace(/01$/, "00") };
  expect((await traced((tracing) => tracing.beginServed(unrecorded).end("ok"), 1)).size).toBe(1);
});

test("a call in the process of its caller is a part of what it is made in", async () => {
  const spans = await traced((tracing) => {
    const outer = tracing.beginRequest(request);
    outer.run(() => tracing.beginServed(call).end("ok"));
    outer.end({ status: 200 });
  });
  expect(spans.get("signet.token.v1.TokenService/Exchange")?.parentSpanId).toBe(spans.get("POST /oauth2/v1/token")?.spanId);
});

test("an operation that belongs to nothing has no trace", async () => {
  const spans = await traced((tracing) => expect(tracing.beginOperation("sessions", "find")).toBeUndefined());
  expect(spans.size).toBe(0);
});

test.each([
  ["ok", false],
  ["invalid_grant", false],
  ["not_found", false],
  ["unavailable", true],
  ["internal", true],
  ["deadline_exceeded", true],
])("a call with the outcome %s is a fault: %s", async (outcome, isFault) => {
  const spans = await traced((tracing) => tracing.beginServed(call).end(outcome));
  expect([...spans.values()]).toMatchObject([{ isFault, attributes: { "signet.outcome": outcome } }]);
});

test.each(["", "/", "/v1/traces"])("the collector's URL may end in %j", async (end) => {
  const receiver = await otlpReceiver();
  const tracing = startTracing({ service: "gateway", url: `${receiver.url}${end}`, onFailure: () => {} });
  tracing.beginRequest(request).end({ status: 200 });
  await tracing.stop();
  expect(receiver.spans).toHaveLength(1);
});

test("a collector that never answers holds the end of the process up for no longer than two seconds", async () => {
  const receiver = await otlpReceiver("never");
  const tracing = startTracing({ service: "gateway", url: receiver.url, onFailure: () => {} });
  tracing.beginRequest(request).end({ status: 200 });
  const beginning = performance.now();
  await tracing.stop();
  expect(performance.now() - beginning).toBeLessThan(2_500);
});
