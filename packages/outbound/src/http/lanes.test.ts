import type { TenantId } from "@signet/protocol";
import { expect, test } from "vitest";
import { OutboundError } from "../outbound-error.ts";
import { Lanes } from "./lanes.ts";

const never = new AbortController().signal;

/** Tasks that run until they are let go. */
function tasks(lanes: Lanes) {
  const begun: string[] = [];
  const run = (host: string, signal = never, tenant = host) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const outcome = lanes.run({ host, tenant: tenant as TenantId }, signal, () => {
      begun.push(host);
      return promise;
    });
    return { end: resolve, outcome };
  };
  return { begun, run };
}

const limits = {
  maximum: 3,
  maximumPerHost: 2,
  maximumPerTenant: 2,
  maximumWaiting: 3,
  maximumWaitingPerHost: 2,
  maximumWaitingPerTenant: 2,
};

test("X23: a host whose requests hang holds up its own, and not another's", async () => {
  const { begun, run } = tasks(new Lanes(limits));
  const hung = [run("hung"), run("hung"), run("hung"), run("hung")];
  const other = run("other");
  expect(begun).toEqual(["hung", "hung", "other"]);
  other.end();
  await other.outcome;
  for (const { end } of hung) end();
  await Promise.all(hung.map(({ outcome }) => outcome));
  expect(begun).toHaveLength(5);
});

test("X23: what has no room for one host lets another pass", async () => {
  const { begun, run } = tasks(new Lanes(limits));
  const first = run("a");
  const others = [run("a"), run("b"), run("a"), run("b"), run("c")];
  expect(begun).toEqual(["a", "a", "b"]);
  others[1]?.end();
  await others[1]?.outcome;
  expect(begun).toEqual(["a", "a", "b", "b"]);
  first.end();
  for (const { end } of others) end();
  await Promise.all(others.map(({ outcome }) => outcome));
});

test("who would wait behind too many is refused at once, for its host or altogether", async () => {
  const { run } = tasks(new Lanes(limits));
  const all = [run("a"), run("a"), run("a"), run("a")];
  const busy = expect.objectContaining({ name: "OutboundError", failure: "busy" });
  await expect(run("a").outcome).rejects.toEqual(busy);
  all.push(run("b"), run("b"));
  await expect(run("c").outcome).rejects.toEqual(busy);
  for (const { end } of all) end();
  await Promise.all(all.map(({ outcome }) => outcome));
});

test("X23: a tenant whose requests hang, at however many hosts, holds up its own, and not another's", async () => {
  const { begun, run } = tasks(new Lanes(limits));
  const hung = ["a", "b", "c", "d"].map((host) => run(host, never, "hung"));
  await expect(run("e", never, "hung").outcome).rejects.toMatchObject({ failure: "busy" });
  const others = [run("other"), run("other")];
  expect(begun).toEqual(["a", "b", "other"]);
  others[0]?.end();
  await others[0]?.outcome;
  expect(begun).toEqual(["a", "b", "other", "other"]);
  for (const { end } of [...hung, ...others]) end();
  await Promise.all([...hung, ...others].map(({ outcome }) => outcome));
});

test("whose time is over before their turn comes were not asked, and did not take too long", async () => {
  const { run } = tasks(new Lanes({ ...limits, maximum: 1 }));
  const first = run("a");
  const controller = new AbortController();
  const second = run("b", controller.signal);
  controller.abort(new OutboundError("timed_out", "it took more than 1500 ms"));
  await expect(second.outcome).rejects.toMatchObject({ failure: "busy" });
  first.end();
  await first.outcome;
});

test("who gives up while waiting is never begun, and leaves its place", async () => {
  const { begun, run } = tasks(new Lanes({ ...limits, maximum: 1 }));
  const first = run("a");
  const controller = new AbortController();
  const second = run("b", controller.signal);
  controller.abort(new Error("gone"));
  await expect(second.outcome).rejects.toThrow("gone");
  const third = run("c");
  first.end();
  third.end();
  await third.outcome;
  expect(begun).toEqual(["a", "c"]);
});

test("a task that fails leaves its place as well", async () => {
  const lanes = new Lanes({ ...limits, maximum: 1 });
  const lane = { host: "a", tenant: "a" as TenantId };
  await expect(lanes.run(lane, never, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await expect(lanes.run(lane, never, async () => "done")).resolves.toBe("done");
});
