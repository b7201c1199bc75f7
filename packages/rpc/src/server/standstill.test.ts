import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchStandstill } from "./standstill.ts";

let now = 0;
beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

/** Time passes, and the process with it. */
function goOnFor(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    now += 100;
    vi.advanceTimersByTime(100);
  }
}

test("a process that goes on does not stand still", () => {
  const standstill = watchStandstill(() => now);
  goOnFor(10_000);
  expect(standstill.milliseconds).toBe(0);
});

test("what is read first after a standstill has lain there for as long as that took", () => {
  const standstill = watchStandstill(() => now);
  goOnFor(1000);
  now += 30_000;
  expect(standstill.milliseconds).toBeGreaterThanOrEqual(29_500);
  expect(standstill.milliseconds).toBeGreaterThanOrEqual(29_500);
});

test("a moment later everything has been read that lay there", () => {
  const standstill = watchStandstill(() => now);
  now += 30_000;
  goOnFor(600);
  expect(standstill.milliseconds).toBe(0);
});

test("a machine that is busy for a moment is no standstill", () => {
  const standstill = watchStandstill(() => now);
  goOnFor(1000);
  now += 400;
  expect(standstill.milliseconds).toBe(0);
});
