import { expect, test } from "vitest";
import { forgetDeadline, watchDeadline } from "./watched-deadlines.ts";

/** Ends in so many milliseconds; resolves with how late it was told. */
function endingIn(milliseconds: number) {
  const { promise, resolve } = Promise.withResolvers<number>();
  const deadline = performance.now() + milliseconds;
  const ending = { deadline, onDeadline: () => resolve(performance.now() - deadline) };
  watchDeadline(ending);
  return { ending, ended: promise };
}

test.each([1, 100, 300, 600])("what has %d ms is ended after them and not before", async (milliseconds) => {
  // Timers count in whole milliseconds.
  expect(await endingIn(milliseconds).ended).toBeGreaterThan(-1);
});

test.each([20, 300])("what ended by itself before its %d ms is not ended again", async (milliseconds) => {
  const { ending, ended } = endingIn(milliseconds);
  forgetDeadline(ending);
  const later = endingIn(milliseconds + 100).ended.then(() => "the later one");
  expect(await Promise.race([ended, later])).toBe("the later one");
});

test("of many each is ended", async () => {
  const all = Array.from({ length: 50 }, (_, index) => endingIn(index * 10).ended);
  expect(await Promise.all(all)).toHaveLength(50);
});
