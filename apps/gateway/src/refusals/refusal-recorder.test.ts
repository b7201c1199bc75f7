import { registry } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { expect, test } from "vitest";
import { createRefusalRecorder } from "./refusal-recorder.ts";

type Recorded = Parameters<ReturnType<typeof createRefusalRecorder>["record"]>[0];

function aRefusal(changes: Partial<Recorded> = {}): Recorded {
  return {
    id: "0123456789abcdef01",
    tenant: "default",
    method: "POST",
    endpoint: "/oauth2/v1/token",
    status: 400,
    error: "invalid_grant",
    description: "",
    explanation: { rule: "the code is known", expected: undefined, sent: undefined },
    clientId: "",
    parameters: [],
    otherParameters: 0,
    ...changes,
  };
}

/** A recorder whose registry keeps what it gets, and whose time stands until it is moved. */
function open(fails = false) {
  const calls: registry.Refusal[][] = [];
  let asked = 0;
  const warnings: object[] = [];
  let now = 1_000_000;
  const recorder = createRefusalRecorder({
    registry: {
      async recordRefusals({ refusals = [] }) {
        asked++;
        if (fails) throw new ResourceError("unavailable", "the registry is away");
        calls.push(refusals.map((refusal) => registry.Refusal.fromPartial(refusal)));
        return {};
      },
    },
    logger: { warn: (line: object) => void warnings.push(line) },
    time: () => now,
  });
  return {
    recorder,
    calls,
    warnings,
    kept: () => calls.flat(),
    asked: () => asked,
    advance(milliseconds: number) {
      now += milliseconds;
    },
  };
}

test("what is recorded in a turn is sent together, after the turn", async () => {
  const { recorder, calls } = open();
  for (let step = 0; step < 3; step++) recorder.record(aRefusal({ id: `0123456789abcdef0${step}` }));
  expect(calls).toEqual([]);
  await recorder.settled();
  expect(calls.map((refusals) => refusals.map(({ id }) => id.at(-1)))).toEqual([["0", "1", "2"]]);
});

test("at most 64 are sent in a call", async () => {
  const { recorder, calls } = open();
  for (let step = 0; step < 150; step++) recorder.record(aRefusal({ error: `kind-${step}` }));
  await recorder.settled();
  expect(calls.map(({ length }) => length)).toEqual([64, 64, 22]);
});

test("of one kind 60 a minute are kept, and the next one that is says how many were not", async () => {
  const { recorder, kept, advance, warnings } = open();
  for (let step = 0; step < 100; step++) recorder.record(aRefusal());
  recorder.record(aRefusal({ error: "invalid_client" }));
  await recorder.settled();
  expect(kept()).toHaveLength(61);
  advance(1_000);
  recorder.record(aRefusal());
  await recorder.settled();
  expect(kept().at(-1)).toMatchObject({ error: "invalid_grant", unkept: 40 });
  expect(warnings).toEqual([{ count: 1 }]);
});

test("once it is closed all that was recorded before is sent, and nothing else: its registry may be gone", async () => {
  const { recorder, kept, warnings } = open();
  for (let step = 0; step < 150; step++) recorder.record(aRefusal({ error: `kind-${step}` }));
  const closed = recorder.close();
  recorder.record(aRefusal({ error: "late" }));
  await closed;
  expect(kept().map(({ error }) => error)).toEqual(Array.from({ length: 150 }, (_, step) => `kind-${step}`));
  expect(warnings).toEqual([{ count: 1 }]);
});

test("closing waits no further where the registry is away: what is left is lost", async () => {
  const { recorder, asked, warnings } = open(true);
  for (let step = 0; step < 150; step++) recorder.record(aRefusal({ error: `kind-${step}` }));
  await recorder.close();
  expect(asked()).toBe(1);
  expect(warnings).toEqual([{ count: 150 }]);
});

test("one tenant's flood leaves room for another's", async () => {
  const { recorder, kept } = open();
  for (let step = 0; step < 1_000; step++) recorder.record(aRefusal({ error: `kind-${step}` }));
  recorder.record(aRefusal({ tenant: "acme" }));
  await recorder.settled();
  expect(kept().filter(({ tenant }) => tenant === "default")).toHaveLength(300);
  expect(kept().filter(({ tenant }) => tenant === "acme")).toHaveLength(1);
});

test("never more than 512 wait, and never more than a thousand a minute are sent", async () => {
  const { recorder, kept } = open();
  for (let step = 0; step < 5_000; step++) recorder.record(aRefusal({ tenant: `t-${step % 50}`, error: `kind-${step}` }));
  await recorder.settled();
  expect(kept()).toHaveLength(512);
  for (let step = 0; step < 5_000; step++) recorder.record(aRefusal({ tenant: `u-${step % 50}`, error: `kind-${step}` }));
  await recorder.settled();
  expect(kept().length).toBeLessThanOrEqual(1_000);
});

test("where the registry is away refusals are lost, with a line in the log once a minute, and nothing fails", async () => {
  const { recorder, warnings, advance } = open(true);
  for (let step = 0; step < 10; step++) {
    recorder.record(aRefusal());
    await recorder.settled();
  }
  expect(warnings).toEqual([{ count: 1 }]);
  advance(60_000);
  recorder.record(aRefusal());
  await recorder.settled();
  expect(warnings).toEqual([{ count: 1 }, { count: 10 }]);
});
