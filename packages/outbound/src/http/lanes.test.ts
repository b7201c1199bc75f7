import { expect, test } from "vitest";
import { Lanes } from "./lanes.ts";

const never = new AbortController().signal;

/** Tasks that run until they are let go. */
function tasks(lanes: Lanes) {
  const begun: string[] = [];
  const run = (host: string, signal = never) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const outcome = lanes.run(host, signal, () => {
      begun.push(host);
      return promise;
    });
    return { end: resolve, outcome };
  };
  return { begun, run };
}

const limits = { maximum: 3, maximumPerHost: 2, maximumWaiting: 3, maximumWaitingPerHost: 2 };

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
  await expect(lanes.run("a", never, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await expect(lanes.run("a", never, async () => "done")).resolves.toBe("done");
});
