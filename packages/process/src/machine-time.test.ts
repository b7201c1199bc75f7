import { type Instant, instant, later } from "@signet/protocol";
import { expect, test } from "vitest";
import { machineTime } from "./machine-time.ts";

const start = instant(1_800_000_000_000);
const minute = 60_000;

function machine(astray: number) {
  let [passed, difference] = [0, astray];
  const lines: unknown[] = [];
  const right = () => later(start, passed);
  const time = machineTime({
    logger: { warn: (...line: unknown[]) => lines.push(line), info: (...line: unknown[]) => lines.push(line) },
    own: () => later(right(), difference),
    elapsed: () => passed,
  });
  return {
    ...time,
    lines,
    right,
    hearBoth(changed: (now: Instant) => Instant = (now) => now) {
      for (const store of ["mongodb", "redis"] as const) time.hear(store, changed(right()));
    },
    pass(milliseconds: number) {
      passed += milliseconds;
    },
    set(to: number) {
      difference = to;
    },
  };
}

test.each([-5 * minute, 5 * minute])(
  "X18: a machine that is %i ms astray goes by the stores' clocks as soon as both are heard, and says so once",
  (astray) => {
    const { clock, right, hearBoth, pass, lines } = machine(astray);
    expect(clock()).toBe(right() + astray);
    hearBoth();
    expect(clock()).toBe(right());
    pass(minute);
    hearBoth();
    expect(clock()).toBe(right());
    expect(lines).toEqual([[{ milliseconds: astray }, expect.stringContaining("is not followed")]]);
  },
);

test("a machine that is right again is followed again", () => {
  const { clock, right, hearBoth, set, lines } = machine(5 * minute);
  hearBoth();
  set(0);
  hearBoth();
  expect(clock()).toBe(right());
  expect(lines.at(-1)).toEqual(["this machine's clock is followed again"]);
});

test("X19: where the machine and both stores are set back by an hour together, the time does not go back", () => {
  const { clock, right, hearBoth, set } = machine(0);
  hearBoth();
  const before = clock();
  set(-60 * minute);
  hearBoth((now) => later(now, -60 * minute));
  expect(clock()).toBe(before);
  expect(clock()).toBe(right());
});

test("the time of one store alone changes nothing", () => {
  const { clock, hear, right, lines } = machine(5 * minute);
  hear("redis", right());
  expect(clock()).toBe(right() + 5 * minute);
  expect(lines).toEqual([]);
});
