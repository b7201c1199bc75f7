import { ResourceError } from "@signet/protocol";
import { expect, test } from "vitest";
import type { AdministrationStore } from "./administration-store.ts";
import type { ChangeFeed, FeedEvent } from "./change-feed.ts";
import { observedStores, type StoreObserver } from "./observed-stores.ts";

function recorder() {
  const heard: string[] = [];
  const observer: StoreObserver = {
    begin(store, verb) {
      heard.push(`${store}.${verb}`);
      return {
        run(work) {
          heard.push("run");
          return work();
        },
        end: (outcome) => heard.push(outcome),
      };
    },
  };
  return { heard, observer };
}

/** A port whose one answer is `answer`. */
function administration(answer: () => Promise<undefined>): AdministrationStore {
  return { establishTokenHash: async () => "exists", replaceTokenHash: async () => {}, findTokenHash: answer };
}

test("an operation is told of by its store and its verb, when it begins and when it ends", async () => {
  const { heard, observer } = recorder();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stores = observedStores({ administration: administration(() => promise) }, observer);
  const running = stores.administration.findTokenHash();
  expect(heard).toEqual(["administration.findTokenHash", "run"]);
  resolve(undefined);
  expect(await running).toBeUndefined();
  expect(heard).toEqual(["administration.findTokenHash", "run", "ok"]);
});

test.each([
  [new ResourceError("unavailable", "canary"), "unavailable"],
  [new ResourceError("already_exists", "canary"), "already_exists"],
  [new Error("canary"), "error"],
])("an operation that fails of %s ends with a word for it, and fails all the same", async (error, outcome) => {
  const { heard, observer } = recorder();
  const stores = observedStores({ administration: administration(() => Promise.reject(error)) }, observer);
  await expect(stores.administration.findTokenHash()).rejects.toBe(error);
  expect(heard.at(-1)).toBe(outcome);
});

test("a subscription has begun well once it is there, however long it is read", async () => {
  const { heard, observer } = recorder();
  const changes: ChangeFeed = {
    publish: async () => {},
    async *subscribe(): AsyncGenerator<FeedEvent> {
      yield { kind: "ready", position: "1", resumed: true };
    },
  };
  const stores = observedStores({ changes }, observer);
  const events: FeedEvent[] = [];
  for await (const event of stores.changes.subscribe(undefined, new AbortController().signal)) events.push(event);
  expect(events).toHaveLength(1);
  expect(heard).toEqual(["changes.subscribe", "run", "ok"]);
});

test("what is no port stays as it is", () => {
  const close = () => {};
  expect(observedStores({ administration: administration(async () => undefined), close }, recorder().observer).close).toBe(close);
});

test("without an observer nothing is wrapped", () => {
  const stores = { administration: administration(async () => undefined) };
  expect(observedStores(stores, undefined)).toBe(stores);
});
