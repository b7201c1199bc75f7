import { ResourceError, usernameIdentifier } from "@signet/protocol";
import { expect, test } from "vitest";
import { createPasswordHasher, type PasswordHasher } from "../passwords/password-hasher.ts";
import { Browser, started } from "../testing/browser.ts";
import { type AuthChanges, password, type RunningAuth, startAuth } from "../testing/running-auth.ts";
import type { SignInLimits } from "./sign-in-limits.ts";

const minute = 60_000;
const perAccount = { count: 5, windowMilliseconds: 15 * minute };
const perAddress = { count: 8, windowMilliseconds: 15 * minute };
const limits: SignInLimits = { perAccount, perAddress };
const onlyAccounts: SignInLimits = { perAccount, perAddress: undefined };

interface Typed {
  readonly username?: string;
  readonly password?: string;
  readonly address?: string;
}

/** What came of a submit, in a word: `rejected`, `redirect`, `next`, or an error's name or kind. */
async function attempt(running: RunningAuth, typed: Typed = {}): Promise<string> {
  const client = [...running.registered.clients.values()][0] ?? running.addClient();
  const { id, secret } = started(await new Browser(running).authorize(client));
  const sent = { tenant: running.tenant.name, id, secret, session: "" };
  try {
    const { outcome } = await running.auth.submitSignIn({
      ...sent,
      username: "ann",
      password: "wrong",
      address: "192.0.2.1",
      ...typed,
    });
    return outcome?.$case ?? "nothing";
  } catch (error) {
    if (error instanceof Error) return "kind" in error ? String(error.kind) : error.name;
    throw error;
  }
}

async function attempts(count: number, running: RunningAuth, typed?: Typed): Promise<string[]> {
  const outcomes: string[] = [];
  for (let step = 0; step < count; step++) outcomes.push(await attempt(running, typed));
  return outcomes;
}

async function withAnn(changes: AuthChanges): Promise<RunningAuth> {
  const running = startAuth(changes);
  await running.addUser();
  return running;
}

const right = { password };
const [wrong, kept] = ["rejected", "RateLimitedError"];

test("K3: of 100 parallel wrong passwords no more are evaluated than the limit counts", async () => {
  const real = createPasswordHasher();
  let verified = 0;
  const passwords: PasswordHasher = {
    hash: real.hash,
    verify: (entered, hash) => {
      verified++;
      return real.verify(entered, hash);
    },
    verifyDummy: real.verifyDummy,
  };
  const running = await withAnn({ signInLimits: onlyAccounts, passwords });
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => attempt(running)));
  expect(outcomes.filter((outcome) => outcome === wrong)).toHaveLength(perAccount.count);
  expect(outcomes.filter((outcome) => outcome === kept)).toHaveLength(100 - perAccount.count);
  expect(verified).toBe(perAccount.count);
});

test("K3: the right password is refused as well then, until there is room again", async () => {
  const running = await withAnn({ signInLimits: limits });
  await attempts(5, running);
  expect(await attempt(running, right)).toBe(kept);
  running.advance(3 * minute);
  expect(await attempt(running, right)).toBe("next");
});

test("a right password makes the account as new", async () => {
  const running = await withAnn({ signInLimits: onlyAccounts });
  await attempts(4, running);
  expect(await attempt(running, right)).toBe("next");
  expect(await attempts(6, running)).toEqual([wrong, wrong, wrong, wrong, wrong, kept]);
});

test("K2: an account that does not exist is refused after as many attempts as one that does", async () => {
  const running = await withAnn({ signInLimits: onlyAccounts });
  const [known, unknown, impossible] = ["ann", "nobody", "no body"].map((username) => attempts(7, running, { username }));
  expect(await unknown).toEqual(await known);
  expect(await impossible).toEqual(await known);
});

test.each(["ANN", "ａｎｎ"])("K6: %s is counted as the account that it is", async (username) => {
  const running = await withAnn({ signInLimits: onlyAccounts });
  await attempts(5, running);
  expect(await attempt(running, { username, ...right })).toBe(kept);
});

test("accounts of other names, collections and tenants are not touched", async () => {
  const running = await withAnn({ signInLimits: onlyAccounts });
  const identifier = usernameIdentifier("bob");
  await running.addUser({ username: "bob", identifiers: identifier === undefined ? [] : [identifier] });
  await attempts(6, running);
  expect(await attempt(running, { username: "bob", ...right })).toBe("next");
});

test("many right passwords at once are no attack, of one account and from one address", async () => {
  const running = await withAnn({ signInLimits: limits });
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => attempt(running, right)));
  expect(outcomes).toEqual(Array(40).fill("next"));
});

test("K3: of right and wrong passwords at once no more wrong ones are evaluated than the limit counts after each right one", async () => {
  const running = await withAnn({ signInLimits: onlyAccounts });
  const typed = Array.from({ length: 60 }, (_, index) => (index === 30 ? right : {}));
  const outcomes = await Promise.all(typed.map((one) => attempt(running, one)));
  expect(outcomes.filter((outcome) => outcome === wrong).length).toBeLessThanOrEqual(2 * perAccount.count);
});

test("an address is refused after as many wrong passwords, whatever the accounts", async () => {
  const running = await withAnn({ signInLimits: limits });
  const outcomes: string[] = [];
  for (let step = 0; step < 10; step++) outcomes.push(await attempt(running, { username: `user-${step}` }));
  expect(outcomes).toEqual([...Array(8).fill(wrong), kept, kept]);
  expect(await attempt(running, { ...right, address: "192.0.2.2" })).toBe("next");
});

test.each([
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
  ["192.0.2.1", "::ffff:192.0.2.1", true],
])("K4: whether %s and %s are one address: %s", async (one, other, isSame) => {
  const running = await withAnn({ signInLimits: { perAccount: undefined, perAddress } });
  await attempts(8, running, { address: one });
  expect(await attempt(running, { address: other })).toBe(isSame ? kept : wrong);
});

test("right passwords of many people from one address count nothing", async () => {
  const running = await withAnn({ signInLimits: limits });
  expect(await attempts(12, running, right)).toEqual(Array(12).fill("next"));
});

test("whoever is kept out for the address cannot keep others out of their accounts", async () => {
  const running = await withAnn({ signInLimits: limits });
  await attempts(8, running, { username: "nobody" });
  await attempts(20, running, { username: "somebody" });
  await attempts(20, running);
  expect(await attempt(running, { ...right, address: "192.0.2.2" })).toBe("next");
});

test("what no place was found for in the pool was no attempt", async () => {
  const real = createPasswordHasher();
  const full = createPasswordHasher({ concurrency: 1, maximumWaiting: 0 });
  let isFull = true;
  const passwords: PasswordHasher = {
    hash: real.hash,
    verifyDummy: real.verifyDummy,
    verify: async (entered, hash) => {
      if (!isFull) return real.verify(entered, hash);
      const first = full.verifyDummy(entered);
      await full.verifyDummy(entered).finally(() => first);
      return false;
    },
  };
  const running = await withAnn({ signInLimits: limits, passwords });
  expect(await attempts(9, running)).toEqual(Array(9).fill("unavailable"));
  isFull = false;
  expect(await attempt(running, right)).toBe("next");
});

test("where attempts cannot be counted, none is evaluated", async () => {
  const isAway = () => Promise.reject(new ResourceError("unavailable", "the store is away"));
  const rateLimits = { take: isAway, giveBack: isAway, clear: isAway };
  const running = await withAnn({ signInLimits: limits, stores: { rateLimits } });
  expect(await attempt(running, right)).toBe("unavailable");
});

test("without limits any number may be wrong", async () => {
  const running = await withAnn({ signInLimits: { perAccount: undefined, perAddress: undefined } });
  expect(await attempts(12, running)).toEqual(Array(12).fill(wrong));
});
