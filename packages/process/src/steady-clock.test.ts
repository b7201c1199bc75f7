import { instant, later } from "@signet/protocol";
import { expect, test } from "vitest";
import { steadyClock } from "./steady-clock.ts";

const start = instant(1_800_000_000_000);
const hour = 3_600_000;

function clocks() {
  let [machine, elapsed] = [start, 0];
  const clock = steadyClock(
    () => machine,
    () => elapsed,
  );
  return {
    clock,
    pass(milliseconds: number) {
      machine = later(machine, milliseconds);
      elapsed += milliseconds;
    },
    set(by: number) {
      machine = later(machine, by);
    },
  };
}

test("a clock that runs is taken as it is, also where it is set forward", () => {
  const { clock, pass, set } = clocks();
  pass(1234);
  expect(clock()).toBe(start + 1234);
  set(hour);
  expect(clock()).toBe(start + 1234 + hour);
});

test("X19: a clock that is set back by an hour never makes it earlier, goes on at half the pace, and is taken as it is once it has caught up", () => {
  const { clock, pass, set } = clocks();
  pass(hour);
  const before = clock();
  set(-hour);
  expect(clock()).toBe(before);
  const passWithReads = () => {
    for (let minute = 0; minute < 60; minute++) {
      pass(hour / 60);
      clock();
    }
  };
  passWithReads();
  expect(clock()).toBe(before + hour / 2);
  passWithReads();
  expect(clock()).toBe(before + hour);
  pass(1);
  expect(clock()).toBe(start + 2 * hour + 1);
});

test("however often it is read, and whatever the clock does, it never goes back", () => {
  const { clock, pass, set } = clocks();
  let latest = clock();
  for (let step = 0; step < 1000; step++) {
    pass((step * 7919) % 1000);
    if (step % 10 === 0) set(((step * 104_729) % 120_000) - 60_000);
    const now = clock();
    expect(now).toBeGreaterThanOrEqual(latest);
    latest = now;
  }
});

test("a clock that stands is taken as it is", () => {
  let elapsed = 0;
  const clock = steadyClock(
    () => start,
    () => elapsed,
  );
  elapsed = hour;
  expect(clock()).toBe(start);
});
