import { setImmediate } from "node:timers/promises";
import { ResourceError } from "@signet/protocol";
import { expect } from "vitest";

/** After how many milliseconds `call` failed, as it should, with unavailable. */
export async function unavailableAfter(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  const error: unknown = await call().then(
    () => undefined,
    (error: unknown) => error,
  );
  const elapsed = performance.now() - begin;
  expect(error).toBeInstanceOf(ResourceError);
  expect(error).toMatchObject({ kind: "unavailable" });
  return elapsed;
}

/** After how many milliseconds `call` succeeds again. It is called again and again; until then it may only be unavailable. */
export async function recoveredAfter(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await failuresUntilSuccess(call);
  return performance.now() - begin;
}

/** How often `call` is unavailable before it succeeds. */
export async function failuresUntilSuccess(call: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + 15_000;
  for (let failures = 0; ; failures++) {
    try {
      await call();
      return failures;
    } catch (error) {
      expect(error).toMatchObject({ kind: "unavailable" });
      if (performance.now() > until) throw error;
      await setImmediate();
    }
  }
}

/** The one in the middle: a moment in which the machine was busy with something else does not decide. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
