import { Status } from "nice-grpc-common";
import { expect, test } from "vitest";
import { countCallsUnderWay } from "./calls-under-way.ts";

const method = { path: "/signet.auth.v1.AuthService/RedeemCode", responseStream: false };

test("X13: a call whose time may have passed while the process stood still is over before it begins", () => {
  const calls = countCallsUnderWay({ milliseconds: 2000, stop() {} });
  const { signal } = calls.begin(method, 2000);
  expect([signal.aborted, signal.reason]).toEqual([true, expect.objectContaining({ code: Status.DEADLINE_EXCEEDED })]);
});

test.each([{ milliseconds: 2001 }, { milliseconds: undefined }])(
  "one that may take longer than that, $milliseconds, begins",
  ({ milliseconds }) => {
    const calls = countCallsUnderWay({ milliseconds: 2000, stop() {} });
    const life = calls.begin(method, milliseconds);
    expect(life.signal.aborted).toBe(false);
    life.end();
  },
);
