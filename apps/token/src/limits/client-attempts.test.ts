import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  defaultTenantSettings,
  instant,
  later,
  newClientId,
  newTenantId,
  parseTenantName,
  RateLimitedError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { expect, onTestFinished, test } from "vitest";
import { type ClientAttempt, type ClientAttemptLimits, type ClientAttempts, createClientAttempts } from "./client-attempts.ts";

const perClient = { count: 5, windowMilliseconds: 60_000 };
const perAddress = { count: 8, windowMilliseconds: 60_000 };

function aTenant(): Tenant {
  const name = parseTenantName("default");
  if (name === undefined) throw new Error("default is a name");
  return { id: newTenantId(randomBytes), name, settings: defaultTenantSettings, branding: { name: "Default" } };
}

/** Processes on one store, with a clock that stands until it is moved. */
function open(limits: ClientAttemptLimits = { perClient, perAddress }) {
  const folder = mkdtempSync(join(tmpdir(), "signet-attempts-"));
  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => {
    stores.close();
    rmSync(folder, { recursive: true });
  });
  let now = instant(1_800_000_000_000);
  const clock = () => now;
  return {
    process: (rateLimits: RateLimitStore = stores.rateLimits) => createClientAttempts({ limits, rateLimits, clock }),
    attempt: { tenant: aTenant(), clientId: newClientId(randomBytes), address: "192.0.2.1" },
    advance(milliseconds: number) {
      now = later(now, milliseconds);
    },
  };
}

/** What a wrong secret is answered with: that it is wrong, or that there were too many. */
async function wrong(attempts: ClientAttempts, attempt: ClientAttempt): Promise<string> {
  try {
    attempts.check(attempt);
    await attempts.failed(attempt);
    return "wrong";
  } catch (error) {
    if (error instanceof RateLimitedError) return "limited";
    throw error;
  }
}

async function wrongly(count: number, attempts: ClientAttempts, attempt: ClientAttempt): Promise<string[]> {
  const answers: string[] = [];
  for (let step = 0; step < count; step++) answers.push(await wrong(attempts, attempt));
  return answers;
}

const wrongs = (count: number) => Array<string>(count).fill("wrong");
const limiteds = (count: number) => Array<string>(count).fill("limited");

test("after as many failures as the limit counts a client is refused from that address, whatever it shows, and from no other", async () => {
  const { process, attempt } = open();
  const attempts = process();
  expect(await wrongly(7, attempts, attempt)).toEqual([...wrongs(5), ...limiteds(2)]);
  expect(() => attempts.check(attempt)).toThrow(RateLimitedError);
  expect(() => attempts.check({ ...attempt, address: "192.0.2.2" })).not.toThrow();
  expect(() => attempts.check({ ...attempt, clientId: newClientId(randomBytes) })).not.toThrow();
});

test("of 100 failures at once no more are told to be wrong than the limit counts", async () => {
  const { process, attempt } = open();
  const attempts = process();
  const answers = await Promise.all(Array.from({ length: 100 }, () => wrong(attempts, attempt)));
  expect(answers.filter((answer) => answer === "wrong")).toHaveLength(perClient.count);
});

test("processes count together, and each knows at its next failure", async () => {
  const { process, attempt } = open();
  const [one, other] = [process(), process()];
  expect(await wrongly(3, one, attempt)).toEqual(wrongs(3));
  expect(await wrongly(4, other, attempt)).toEqual([...wrongs(2), ...limiteds(2)]);
  expect(await wrong(one, attempt)).toBe("limited");
});

test("who was refused may try again when there is room, and is told when", async () => {
  const { process, attempt, advance } = open();
  const attempts = process();
  await wrongly(6, attempts, attempt);
  expect(() => attempts.check(attempt)).toThrow(expect.objectContaining({ retryAfterSeconds: 12 }));
  advance(12_000);
  expect(await wrongly(2, attempts, attempt)).toEqual(["wrong", "limited"]);
});

test("an address is refused after as many failures of any clients, but a client's own limit does not count against it", async () => {
  const { process, attempt } = open();
  const attempts = process();
  await wrongly(50, attempts, attempt);
  const others = Array.from({ length: 5 }, () => ({ ...attempt, clientId: newClientId(randomBytes) }));
  const answers: string[] = [];
  for (const other of others) answers.push(await wrong(attempts, other));
  expect(answers).toEqual([...wrongs(3), ...limiteds(2)]);
});

test("K4: an IPv6 network is one address", async () => {
  const { process, attempt } = open();
  const attempts = process();
  const answers: string[] = [];
  for (let step = 0; step < 7; step++) answers.push(await wrong(attempts, { ...attempt, address: `2001:db8:1:2::${step}` }));
  expect(answers).toEqual([...wrongs(5), ...limiteds(2)]);
});

test("what is no client's id is one client, whatever it is", async () => {
  const { process, attempt } = open();
  const attempts = process();
  const answers: string[] = [];
  for (let step = 0; step < 7; step++) answers.push(await wrong(attempts, { ...attempt, clientId: "x".repeat(step) }));
  expect(answers).toEqual([...wrongs(5), ...limiteds(2)]);
});

test("while the store is away each process counts by itself", async () => {
  const { process, attempt } = open();
  const isAway = () => Promise.reject(new ResourceError("unavailable", "away"));
  const attempts = process({ take: isAway, giveBack: isAway, clear: isAway });
  expect(await wrongly(7, attempts, attempt)).toEqual([...wrongs(5), ...limiteds(2)]);
});

test("without limits nothing is counted, and the store is not asked", async () => {
  const { process, attempt } = open({ perClient: undefined, perAddress: undefined });
  const never = () => Promise.reject(new Error("the store was asked"));
  expect(await wrongly(50, process({ take: never, giveBack: never, clear: never }), attempt)).toEqual(wrongs(50));
});
