import { Status } from "nice-grpc-common";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallLife } from "../stack/deadline.ts";
import { createReplicaSet } from "./replica-set.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const notYet = () => {
  throw new Error("there is no connection yet");
};

test("X13: a call waits a quarter of a second at most for a server that accepts connections and says nothing", async () => {
  const replicas = createReplicaSet({
    host: "127.0.0.1",
    lookup: async () => [],
    lookupMilliseconds: 5000,
    maximumWaiting: 10,
    open: () => ({
      availability: "connecting",
      failure: undefined,
      hasRoom: false,
      unary: notYet,
      serverStreaming: notYet,
      drain: async () => {},
      close() {},
    }),
  });
  let error: unknown;
  const path = "/signet.auth.v1.AuthService/GetUser";
  const call = replicas.unary(path, new Uint8Array(), { life: new CallLife(path, undefined) }).catch((thrown: unknown) => {
    error = thrown;
  });
  await vi.advanceTimersByTimeAsync(249);
  expect(error).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await call;
  expect(error).toMatchObject({ code: Status.UNAVAILABLE, details: "the service cannot be reached" });
  replicas.close();
});
