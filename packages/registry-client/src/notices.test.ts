import { expect, test } from "vitest";
import { createNotices } from "./notices.ts";

test("a notice is given again until it is taken, and each failure is heard of", async () => {
  const errors: unknown[] = [];
  const notices = createNotices((error) => errors.push(error), new AbortController().signal);
  const failures = [new Error("first"), new Error("second")];
  let given = 0;
  notices.tell(async () => {
    const failure = failures[given++];
    if (failure !== undefined) throw failure;
  });
  await notices.settled();
  expect({ given, errors }).toEqual({ given: 3, errors: failures });
});

test("a notice that fails holds up no other", async () => {
  const closing = new AbortController();
  const notices = createNotices(() => {}, closing.signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  notices.tell(() => {
    throw new Error("never taken");
  });
  notices.tell(resolve);
  await promise;
  closing.abort();
  await notices.settled();
});

test("of many notices a few are given at a time, and all in the end", async () => {
  const notices = createNotices(() => {}, new AbortController().signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  let [begun, done] = [0, 0];
  for (let index = 0; index < 100; index++) {
    notices.tell(async () => {
      begun++;
      await promise;
      done++;
    });
  }
  expect(begun).toBe(8);
  resolve();
  await notices.settled();
  expect([begun, done]).toEqual([100, 100]);
});

test("after the end a notice that waits for its turn is not begun", async () => {
  const closing = new AbortController();
  const notices = createNotices(() => {}, closing.signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  for (let index = 0; index < 10; index++) {
    notices.tell(() => {
      begun++;
      return promise;
    });
  }
  closing.abort();
  resolve();
  await notices.settled();
  expect(begun).toBe(8);
});

test("the end waits for a notice under way, and gives none again", async () => {
  const closing = new AbortController();
  const notices = createNotices(() => {}, closing.signal);
  const { promise, reject } = Promise.withResolvers<void>();
  let given = 0;
  notices.tell(() => {
    given++;
    return promise;
  });
  closing.abort();
  const settled = notices.settled().then(() => "settled");
  expect(await Promise.race([settled, Promise.resolve("under way")])).toBe("under way");
  reject(new Error("not taken"));
  expect([await settled, given]).toEqual(["settled", 1]);
});
