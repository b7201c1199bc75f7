import { expect, test } from "vitest";
import { type ReadinessOptions, watchReadiness } from "./readiness.ts";

const logger = { info() {}, warn() {} };

/** Readiness whose needs and preparation a test decides, and the changes that it told. */
function watch(options: Partial<ReadinessOptions> & Pick<ReadinessOptions, "needs">) {
  const changes: (readonly string[])[] = [];
  let wake = () => {};
  const readiness = watchReadiness({
    logger,
    onChange(waitingFor) {
      changes.push(waitingFor);
      wake();
    },
    ...options,
  });
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { readiness, changes, change };
}

const there = (): Promise<void> => Promise.resolve();
const away = (): Promise<void> => Promise.reject(new Error("away"));

test("names what is missing until it is there, and again when it goes away", async () => {
  let redis = away;
  const { readiness, changes, change } = watch({ needs: { mongodb: there, redis: () => redis() } });
  expect(readiness.waitingFor()).toEqual(["mongodb", "redis"]);
  await change();
  expect(readiness.waitingFor()).toEqual(["redis"]);
  redis = there;
  await readiness.ready;
  expect(readiness.waitingFor()).toEqual([]);
  redis = away;
  await change();
  expect(changes).toEqual([["redis"], [], ["redis"]]);
  await readiness.close();
});

test("prepares once, when everything is there, and only then is ready", async () => {
  let prepared = 0;
  let redis = away;
  const { readiness, change } = watch({
    needs: { redis: () => redis() },
    prepare: async () => {
      prepared += 1;
    },
  });
  expect(prepared).toBe(0);
  redis = there;
  await readiness.ready;
  redis = away;
  await change();
  redis = there;
  await change();
  expect(prepared).toBe(1);
  await readiness.close();
});

test("needs what is needed at the start only until it is ready for the first time", async () => {
  let [auth, redis] = [away, there];
  const { readiness, changes, change } = watch({ needs: { redis: () => redis() }, needsAtStart: { auth: () => auth() } });
  expect(readiness.waitingFor()).toEqual(["redis", "auth"]);
  await change();
  expect(readiness.waitingFor()).toEqual(["auth"]);
  auth = there;
  await readiness.ready;
  [auth, redis] = [away, away];
  await change();
  expect(changes).toEqual([["auth"], [], ["redis"]]);
  await readiness.close();
});

test("begins the preparation again after a failure that may pass", async () => {
  let attempts = 0;
  const { readiness } = watch({
    needs: {},
    prepare: async () => {
      attempts += 1;
      if (attempts < 3) throw new Error("busy");
    },
    mayPass: (error) => error instanceof Error && error.message === "busy",
  });
  await readiness.ready;
  expect(attempts).toBe(3);
  await readiness.close();
});

test("is never ready after a failure that stays, and says which", async () => {
  const { readiness } = watch({ needs: {}, prepare: () => Promise.reject(new Error("the wrong key")) });
  await expect(readiness.ready).rejects.toThrow("the wrong key");
  await readiness.close();
});

test("says why something is missing, and again every ten seconds at most", async () => {
  const lines: unknown[] = [];
  const { readiness, change } = watch({
    needs: {
      mongodb: () => Promise.reject(new Error("unavailable", { cause: new Error("Authentication failed.") })),
      redis: there,
    },
    logger: { info() {}, warn: (...line: unknown[]) => lines.push(line) },
  });
  await change();
  await expect.poll(() => lines.length).toBe(1);
  await readiness.close();
  expect(lines).toEqual([
    [{ waitingFor: ["mongodb"], reasons: { mongodb: "Authentication failed." } }, "waiting for what is away"],
  ]);
});
