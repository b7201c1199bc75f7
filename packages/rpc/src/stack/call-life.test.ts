import { ClientError, Status } from "nice-grpc-common";
import { expect, test, vi } from "vitest";
import { beginLimitedCall, CallLife, remainingMilliseconds } from "./deadline.ts";

const path = "/signet.auth.v1.AuthService/RedeemCode";
const never = () => new Promise<never>(() => {});

test("a signal that is asked for after the call was aborted has aborted, for the same reason", () => {
  const life = new CallLife(path, undefined);
  const reason = new ClientError(path, Status.UNAVAILABLE, "the server is about to stop");
  life.abort(reason);
  expect([life.signal.aborted, life.signal.reason, life.failure]).toEqual([true, reason, reason]);
});

test("a signal that is asked for late has as much time as is left", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const life = new CallLife(path, 1000);
  await vi.advanceTimersByTimeAsync(400);
  expect(remainingMilliseconds(life.signal)).toBe(600);
  await vi.advanceTimersByTimeAsync(600);
  expect(life.signal.reason).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  vi.useRealTimers();
});

test("work fails when the call is aborted, whether or not it heeds that", async () => {
  const life = new CallLife(path, undefined);
  const working = life.untilAborted(never);
  life.abort();
  await expect(working).rejects.toMatchObject({ code: Status.CANCELLED });
});

test("a call that is over already is not started", async () => {
  const caller = AbortSignal.abort();
  const work = vi.fn(never);
  await expect(beginLimitedCall(path, { signal: caller }).untilAborted(work)).rejects.toMatchObject({ code: Status.CANCELLED });
  expect(work).not.toHaveBeenCalled();
});

test("a call that has ended leaves nothing behind at its caller's signal, and nothing aborts it", () => {
  const caller = new AbortController();
  const forget = vi.spyOn(caller.signal, "removeEventListener");
  const life = beginLimitedCall(path, { signal: caller.signal });
  life.end();
  expect(forget).toHaveBeenCalledOnce();
  caller.abort();
  expect(life.failure).toBeUndefined();
});

test("whoever counts calls hears of the end of each", () => {
  const over = vi.fn();
  const [ended, aborted] = [new CallLife(path, undefined, { onOver: over }), new CallLife(path, undefined, { onOver: over })];
  ended.end();
  aborted.abort();
  expect(over.mock.calls).toEqual([[ended], [aborted]]);
});
