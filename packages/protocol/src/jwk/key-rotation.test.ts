import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Instant, instant, later } from "../instant.ts";
import { defaultTenantSettings, longestTokenLifetimeMilliseconds, patchTenantSettings } from "../tenant/tenant-settings.ts";
import {
  clockToleranceMilliseconds,
  currentKey,
  hasNextKey,
  isRotationDue,
  keysInTime,
  maximumKeysOfAlgorithm,
  publicationMilliseconds,
  type RotatingKey,
  spreadPeriod,
  withNextKey,
  withoutKey,
} from "./key-rotation.ts";

const start = instant(1_800_000_000_000);
const minute = 60_000;
const day = 24 * 60 * minute;
const publication = publicationMilliseconds(300);

const key = (id: string, activatesAt: Instant = start, createdAt: Instant = activatesAt): RotatingKey => ({
  id,
  createdAt,
  activatesAt,
});
const at = (milliseconds: number) => later(start, milliseconds);
const statesOf = (keys: readonly RotatingKey[], now: Instant) =>
  keysInTime(keys, now).map(({ key: { id }, state }) => [id, state]);
function rotated(keys: readonly RotatingKey[], id: string, now: Instant): readonly RotatingKey[] {
  const changed = withNextKey(keys, key(id), now, publication);
  if (changed === undefined) throw new Error("a key stands ready already");
  return changed;
}

test("a key is published for longer than a cache and a relying party together may keep the keys, and two clocks may differ", () => {
  expect(publicationMilliseconds(300)).toBe(2 * 300_000 + 2 * 60_000);
  expect(clockToleranceMilliseconds).toBe(60_000);
});

test("no tenant can ask for a token that lives longer than a retired key is published", () => {
  for (const member of ["tokenTimeout", "idTokenTimeout"] as const) {
    const settings = patchTenantSettings(defaultTenantSettings, { [member]: longestTokenLifetimeMilliseconds });
    expect(settings[member]).toBe(longestTokenLifetimeMilliseconds);
    expect(() => patchTenantSettings(defaultTenantSettings, { [member]: longestTokenLifetimeMilliseconds + 1 })).toThrow();
  }
});

test("a key goes from next to current to retired by the time alone, and is then published no longer", () => {
  const keys = rotated([key("first")], "second", start);
  const lastToken = publication + longestTokenLifetimeMilliseconds;
  expect(statesOf(keys, start)).toEqual([
    ["first", "current"],
    ["second", "next"],
  ]);
  expect(statesOf(keys, at(publication - 1))).toEqual([
    ["first", "current"],
    ["second", "next"],
  ]);
  expect(statesOf(keys, at(publication))).toEqual([
    ["first", "retired"],
    ["second", "current"],
  ]);
  expect(statesOf(keys, at(lastToken + 10 * minute - 1))).toEqual([
    ["first", "retired"],
    ["second", "current"],
  ]);
  expect(statesOf(keys, at(lastToken + 10 * minute))).toEqual([["second", "current"]]);
});

test("the times of a key are told as far as they are known", () => {
  const [first, second] = keysInTime(rotated([key("first")], "second", start), start);
  expect(first).toMatchObject({ retiresAt: at(publication), publishedUntil: at(publication + day + 10 * minute) });
  expect(second).toMatchObject({ retiresAt: undefined, publishedUntil: undefined });
});

test("X19: with a clock set back before the first key's moment, the first key signs", () => {
  expect(currentKey([key("first"), key("second", at(minute))], at(-60 * minute)).id).toBe("first");
  expect(() => currentKey([], start)).toThrow("an algorithm has one key at least");
});

test("X18: two replicas whose clocks differ sign with keys that both publish, however the difference falls", () => {
  const keys = rotated([key("first")], "second", start);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 * day }), fc.integer({ min: -5 * minute, max: 5 * minute }), (after, difference) => {
      const signer = currentKey(keys, at(after));
      expect(statesOf(keys, at(after + difference)).map(([id]) => id)).toContain(signer.id);
    }),
  );
});

test("a second rotation before the first has come to its end changes nothing", () => {
  const keys = rotated([key("first")], "second", start);
  expect(hasNextKey(keys, at(publication - 1))).toBe(true);
  expect(withNextKey(keys, key("third"), at(publication - 1), publication)).toBeUndefined();
  expect(rotated(keys, "third", at(publication)).map(({ id }) => id)).toEqual(["first", "second", "third"]);
});

test("a rotation leaves out the keys that are published no longer", () => {
  const keys = rotated([key("first")], "second", start);
  expect(rotated(keys, "third", at(2 * day)).map(({ id }) => id)).toEqual(["second", "third"]);
});

test("so many rotations in a day that relying parties would have to fetch more than 16 keys are refused", () => {
  let keys: readonly RotatingKey[] = [key("0")];
  let now = start;
  for (let index = 1; index < maximumKeysOfAlgorithm; index++) {
    keys = rotated(keys, String(index), now);
    now = later(now, publication);
  }
  expect(() => withNextKey(keys, key("another"), now, publication)).toThrow("16 keys of the algorithm are still published");
  expect(rotated(keys, "another", later(now, day)).length).toBeLessThan(maximumKeysOfAlgorithm);
});

describe("isRotationDue", () => {
  test("a key is replaced once it has signed for the period, and not while another stands ready", () => {
    const keys = [key("first")];
    expect(isRotationDue(keys, at(90 * day - 1), 90 * day)).toBe(false);
    expect(isRotationDue(keys, at(90 * day), 90 * day)).toBe(true);
    expect(isRotationDue(rotated(keys, "second", at(90 * day)), at(90 * day), 90 * day)).toBe(false);
  });

  test("a successor in an emergency counts from when it was made", () => {
    const keys = withoutKey([key("first")], "first", key("second"), at(90 * day)) ?? [];
    expect(isRotationDue(keys, at(90 * day), 90 * day)).toBe(false);
    expect(isRotationDue(keys, at(180 * day), 90 * day)).toBe(true);
  });

  test("the periods of many keys are spread over a tenth, and each key's is the same everywhere", () => {
    const periods = Array.from({ length: 256 }, (_, index) => spreadPeriod(100, key(Buffer.from([index]).toString("base64url"))));
    expect(Math.max(...periods)).toBe(100);
    expect(Math.min(...periods)).toBeGreaterThan(90);
    expect(new Set(periods).size).toBe(256);
  });
});

describe("withoutKey, the emergency", () => {
  const keys = [key("retired"), key("current", at(day)), key("next", at(2 * day), at(day + minute))];
  const now = at(2 * day - minute);

  test("the key that stands ready signs at once, by every replica's clock", () => {
    const changed = withoutKey(keys, "current", key("made"), now) ?? [];
    expect(changed.map(({ id }) => id)).toEqual(["retired", "next"]);
    for (const difference of [-2 * clockToleranceMilliseconds, 0, 2 * clockToleranceMilliseconds]) {
      expect(currentKey(changed, later(now, difference)).id).toBe("next");
    }
  });

  test("where none stands ready, the one that was made signs at once", () => {
    const changed = withoutKey([key("only")], "only", key("made"), now) ?? [];
    expect(changed.map(({ id }) => id)).toEqual(["made"]);
    expect(currentKey(changed, later(now, -clockToleranceMilliseconds)).id).toBe("made");
    expect(changed[0]).toMatchObject({ createdAt: now });
  });

  test("one that signs no more, or not yet, is taken out alone", () => {
    expect(withoutKey(keys, "retired", key("made"), now)?.map(({ id }) => id)).toEqual(["current", "next"]);
    expect(withoutKey(keys, "next", key("made"), now)?.map(({ id }) => id)).toEqual(["retired", "current"]);
  });

  test("one that is not there changes nothing", () => {
    expect(withoutKey(keys, "unknown", key("made"), now)).toBeUndefined();
  });
});

test("whatever is done in whatever order, one key signs, what a token may still be verified with is published, and the keys stand in order", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("wait"), milliseconds: fc.integer({ min: 0, max: 2 * day }) }),
    fc.record({ kind: fc.constant("rotate"), milliseconds: fc.constant(0) }),
    fc.record({ kind: fc.constant("emergency"), milliseconds: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let keys: readonly RotatingKey[] = [key("0")];
      let now = start;
      const signed: { id: string; expiresAt: Instant }[] = [];
      for (const [index, { kind, milliseconds }] of steps.entries()) {
        now = later(now, milliseconds);
        const made = key(String(index + 1));
        if (kind === "rotate" && keysInTime(keys, now).length < maximumKeysOfAlgorithm) {
          keys = withNextKey(keys, made, now, publication) ?? keys;
        }
        if (kind === "emergency") {
          const revoked = currentKey(keys, now).id;
          keys = withoutKey(keys, revoked, made, now) ?? keys;
          expect(keys.map(({ id }) => id)).not.toContain(revoked);
          signed.splice(0, signed.length, ...signed.filter(({ id }) => id !== revoked));
        }
        const published = keysInTime(keys, now);
        expect(published.filter(({ state }) => state === "current")).toHaveLength(1);
        signed.push({ id: currentKey(keys, now).id, expiresAt: later(now, longestTokenLifetimeMilliseconds) });
        const ids = published.map(({ key: { id } }) => id);
        for (const { id, expiresAt } of signed) if (expiresAt > now) expect(ids).toContain(id);
        const moments = keys.map(({ activatesAt }) => activatesAt);
        expect(moments).toEqual(moments.toSorted((one, other) => one - other));
      }
    }),
  );
});
