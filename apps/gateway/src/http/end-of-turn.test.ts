import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { endOfTurn } from "./end-of-turn.ts";

/** Lets `count` replies wait, and names them in the order in which they may be written. */
function waitFor(count: number): string[] {
  const written: string[] = [];
  for (let index = 0; index < count; index++) void endOfTurn().then(() => written.push(`reply ${index}`));
  return written;
}

/** All that can happen without another turn of the event loop has happened. */
const microtasks = () => new Promise<void>((resolve) => process.nextTick(resolve));

test("replies are written together, in their order, in the turn in which they became ready", async () => {
  const written = waitFor(3);
  await microtasks();
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(["reply 0", "reply 1", "reply 2"]);
});

test("four replies wait for no more", async () => {
  const written = waitFor(6);
  await microtasks();
  expect(written).toEqual(["reply 0", "reply 1", "reply 2", "reply 3"]);
  await nextTurn();
  expect(written).toHaveLength(6);
});
