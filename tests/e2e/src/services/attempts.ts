import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { expectNoInsights } from "../outcomes.ts";

/** What a request may take at most, whatever is away, unless configured otherwise. */
const deadlineMilliseconds = 2000;
/** What a machine that has much else to do may add to it. */
const noiseMilliseconds = 2000;
/** After what was away is back, everything works again within 5 seconds, and what a busy machine may add. */
export const recoveryMilliseconds = 5000 + noiseMilliseconds;

export interface Attempt {
  /** With its whole body. */
  readonly reply: Response;
  readonly milliseconds: number;
}

/** One request, to the end of its reply. */
export async function attempt(send: () => Promise<Response>): Promise<Attempt> {
  const begin = performance.now();
  const reply = await send();
  const text = await reply.text();
  const milliseconds = performance.now() - begin;
  return { reply: new Response(text, { status: reply.status, headers: reply.headers }), milliseconds };
}

/** A 503 that says when to try again, and in time, and nothing else. */
export async function expectUnavailable(made: Attempt): Promise<void> {
  const text = await made.reply.clone().text();
  expect([made.reply.status, text]).toEqual([503, expect.any(String)]);
  expect(made.reply.headers.get("Retry-After")).toMatch(/^[1-9][0-9]*$/);
  expect(made.milliseconds).toBeLessThan(deadlineMilliseconds + noiseMilliseconds);
  expectNoInsights(text);
}

/** A request that was repeated until it was served. */
export interface Served {
  /** Something else than a 503. */
  readonly reply: Response;
  /** From the first attempt on. */
  readonly milliseconds: number;
  readonly failures: readonly Attempt[];
}

const patienceMilliseconds = 20_000;

/** Sends a request again and again, as a client does that heeds `Retry-After`, only sooner. Every 503 on the way is as it ought to be. */
export async function untilServed(send: () => Promise<Response>): Promise<Served> {
  const begin = performance.now();
  const failures: Attempt[] = [];
  for (;;) {
    const made = await attempt(send);
    const milliseconds = performance.now() - begin;
    if (made.reply.status !== 503) return { reply: made.reply, milliseconds, failures };
    await expectUnavailable(made);
    if (milliseconds > patienceMilliseconds) throw new Error(`not served after ${milliseconds} ms`);
    failures.push(made);
    await setTimeout(20);
  }
}

/** The reply that comes of a request that is repeated after what was away is back: in the time that a recovery may take. */
export async function servedAgain(send: () => Promise<Response>): Promise<Response> {
  const { reply, milliseconds } = await untilServed(send);
  expect(milliseconds).toBeLessThan(recoveryMilliseconds);
  return reply;
}

/** So many attempts, one after the other, all of them unavailable: how long each took. */
export async function unavailableMilliseconds(count: number, send: () => Promise<Response>): Promise<readonly number[]> {
  const elapsed: number[] = [];
  while (elapsed.length < count) {
    const made = await attempt(send);
    await expectUnavailable(made);
    elapsed.push(made.milliseconds);
  }
  return elapsed;
}

/** The one in the middle: a moment in which the machine was busy with something else does not decide. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** That below which 99 of 100 lie; of fewer, the largest but one. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.min(sorted.length - 2, Math.ceil(sorted.length * 0.99) - 1))] ?? Number.NaN;
}
