import { expect, test } from "vitest";
import { createLineLog } from "./line-log.ts";
import { createListedLogger } from "./logger.ts";
import { call, request } from "./testing/observed.ts";

function lineLog(level: string, logsCalls = true) {
  const lines: string[] = [];
  const logger = createListedLogger(level, { write: (line) => lines.push(line) }, { service: "token" });
  return { log: createLineLog({ logger, logsCalls }), entries: () => lines.map((line) => JSON.parse(line)) };
}

test("a request is one line with its id, endpoint, status, duration, tenant and client", () => {
  const { log, entries } = lineLog("info");
  log.request?.(request, { status: 401, tenant: "default", clientId: "0123456789abcdef01234567" }, 1.23456, "t1");
  expect(entries()).toEqual([
    {
      level: "info",
      time: expect.any(String),
      service: "token",
      requestId: "r1",
      method: "POST",
      endpoint: "/oauth2/v1/token",
      status: 401,
      durationMs: 1.235,
      tenant: "default",
      clientId: "0123456789abcdef01234567",
      traceId: "t1",
      msg: "a request was answered",
    },
  ]);
});

test("what is not known of a request is left out of its line", () => {
  const { log, entries } = lineLog("info");
  log.request?.({ ...request, endpoint: "none" }, { status: 404 }, 1, undefined);
  expect(Object.keys(entries()[0])).toEqual([
    "level",
    "time",
    "service",
    "requestId",
    "method",
    "endpoint",
    "status",
    "durationMs",
    "msg",
  ]);
});

test("a call between services is one line under the request's id", () => {
  const { log, entries } = lineLog("info");
  log.call?.(call, "invalid_grant", 2, undefined);
  expect(entries()).toMatchObject([
    {
      level: "info",
      requestId: "r1",
      caller: "gateway",
      method: "/signet.token.v1.TokenService/Exchange",
      outcome: "invalid_grant",
      durationMs: 2,
      msg: "a call was answered",
    },
  ]);
});

test("a call that belongs to no request, and a probe that is answered well, are for whoever looks for them", () => {
  const info = lineLog("info");
  const debug = lineLog("debug");
  for (const { log } of [info, debug]) {
    log.call?.({ ...call, requestId: "" }, "ok", 1, undefined);
    log.request?.({ ...request, endpoint: "/readyz" }, { status: 200 }, 1, undefined);
  }
  expect(info.entries()).toEqual([]);
  expect(debug.entries().map(({ level }) => level)).toEqual(["debug", "debug"]);
});

test("a probe that is not answered well is logged", () => {
  const { log, entries } = lineLog("info");
  log.request?.({ ...request, endpoint: "/readyz" }, { status: 503 }, 1, undefined);
  expect(entries()).toMatchObject([{ endpoint: "/readyz", status: 503 }]);
});

test.each(["warn", "error", "silent"])("at the level %s there is nothing to call", (level) => {
  expect(lineLog(level).log).toEqual({ request: undefined, call: undefined });
});

test("where the services are one process, their calls have lines at the level debug only", () => {
  expect(lineLog("info", false).log.call).toBeUndefined();
  expect(lineLog("debug", false).log.call).toBeDefined();
});
