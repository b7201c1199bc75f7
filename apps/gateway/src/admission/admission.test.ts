import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BusyError, createAdmission } from "./admission.ts";

test("there is room for as many as may be worked on at a time", () => {
  const admission = createAdmission(2);
  for (const place of [admission.place(), admission.place()]) {
    expect(admission.isFull()).toBe(false);
    place.take();
  }
  expect(admission.isFull()).toBe(true);
  expect(() => admission.place().take()).toThrow(BusyError);
});

test("what has yet to arrive takes no room", () => {
  const admission = createAdmission(1);
  const slow = admission.place();
  expect(admission.isFull()).toBe(false);
  admission.place().take();
  expect(() => slow.take()).toThrow(BusyError);
});

test("who leaves makes room for one, however often they say so", async () => {
  const admission = createAdmission(2);
  const [first, second] = [admission.place(), admission.place()];
  first.take();
  first.take();
  second.take();
  await nextTurn();
  first.leave();
  first.leave();
  admission.place().take();
  expect(admission.isFull()).toBe(true);
});

test("who was refused leaves nothing free", () => {
  const admission = createAdmission(1);
  admission.place().take();
  const refused = admission.place();
  expect(() => refused.take()).toThrow(BusyError);
  refused.leave();
  expect(admission.isFull()).toBe(true);
});

test("what was begun in a turn of the event loop counts until its end, also where it has been answered", async () => {
  const admission = createAdmission(2);
  for (const place of [admission.place(), admission.place()]) {
    place.take();
    place.leave();
  }
  expect(admission.isFull()).toBe(true);
  await nextTurn();
  expect(admission.isFull()).toBe(false);
});

test("what is answered in a later turn makes room at once", async () => {
  const admission = createAdmission(1);
  const place = admission.place();
  place.take();
  await nextTurn();
  expect(admission.isFull()).toBe(true);
  place.leave();
  expect(admission.isFull()).toBe(false);
});
