import { expect, onTestFinished, test, vi } from "vitest";
import { createLogger } from "./logger.ts";

function logged(level = "info") {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => lines.push(line) });
  return { logger, lines };
}

test("an event is one line of JSON with its level and its time", () => {
  const { logger, lines } = logged();
  logger.info({ requestId: "r1" }, "a request failed");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: "info", time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), requestId: "r1", msg: "a request failed" },
  ]);
});

test("the time of a line is the moment at which it was logged, to the millisecond", () => {
  const { logger, lines } = logged();
  for (const now of [
    "2026-11-24T11:59:59.999Z",
    "2026-11-24T12:00:00.000Z",
    "2026-11-24T12:00:00.007Z",
    "2026-11-24T11:59:59.050Z",
  ]) {
    vi.setSystemTime(now);
    onTestFinished(() => {
      vi.useRealTimers();
    });
    logger.info("now");
    expect(JSON.parse(lines.at(-1) ?? "").time).toBe(now);
  }
});

test("what is below the level is not logged", () => {
  const { logger, lines } = logged("warn");
  logger.info("not this");
  logger.warn("this");
  expect(lines).toHaveLength(1);
});

test.each(["password", "client_secret", "clientSecret", "code", "code_verifier", "refresh_token", "cookie", "authorization"])(
  "the value of %s is masked, also one level down",
  (name) => {
    const { logger, lines } = logged();
    logger.info({ [name]: "canary", request: { [name]: "canary" } }, "a request");
    expect(lines.join("")).not.toContain("canary");
  },
);
