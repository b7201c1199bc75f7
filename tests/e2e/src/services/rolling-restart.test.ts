import { setTimeout } from "node:timers/promises";
import { checkHealth } from "@signet/rpc/network";
import {
  type Application,
  newApplication,
  obtainCode,
  type Replica,
  redeem,
  refresh,
  type ServicesUnderTest,
  tokensOf,
  userAgent,
} from "@signet/testkit";
import { expect, test } from "vitest";
import { expectOneHead, type Family } from "../ledger.ts";
import { entriesOf, rpcServices } from "./deployed.ts";
import { runningServices } from "./running-services.ts";

const running = runningServices(async () => ({ replicas: { "client-registry": 2, auth: 2, token: 2 } }));

interface Logins {
  /** What came of those that succeeded. */
  readonly done: readonly Family[];
  readonly failed: number;
  /** Resolves once some more are done. */
  more(): Promise<void>;
  stop(): Promise<void>;
}

/** Several people who sign in, redeem the code and refresh, again and again. Nothing is tried again: a login with a request that fails has failed. */
function startLogins(people: readonly Application[]): Logins {
  const done: Family[] = [];
  let failed = 0;
  let isStopping = false;

  async function logIn(application: Application): Promise<Family> {
    const code = await obtainCode(application, { scope: "openid offline_access" });
    const first = await tokensOf(await redeem(application, code));
    const second = await tokensOf(await refresh(application, first.refresh_token));
    return { head: second.refresh_token, accessToken: second.access_token, used: [first.refresh_token] };
  }

  const working = people.map(async (application) => {
    while (!isStopping) {
      await logIn(application).then(
        (family) => done.push(family),
        () => failed++,
      );
    }
  });
  return {
    done,
    get failed() {
      return failed;
    },
    async more() {
      const goal = done.length + 2 * people.length;
      await expect.poll(() => done.length, { timeout: 30_000, interval: 10 }).toBeGreaterThan(goal);
    },
    async stop() {
      isStopping = true;
      await Promise.all(working);
    },
  };
}

/**
 * An orchestrator leaves a replica that is ready for so long before it goes on to the next (`minReadySeconds`): callers try to connect to one that was
 * away once in a second at least, and only then have two again.
 */
const minimumReadyMilliseconds = 2000;

async function restart(replica: Replica): Promise<void> {
  replica.program.signal("SIGTERM");
  expect(await replica.program.ended()).toBe(0);
  replica.startAgain();
  await expect.poll(() => checkHealth(replica.url, { timeoutMilliseconds: 1000 }), { timeout: 30_000, interval: 20 }).toBe(true);
  await setTimeout(minimumReadyMilliseconds);
}

/** The causes of the gateway's failures, but for those that a restart has no part in: the one MongoDB of the tests may be slow on a busy machine. */
function failuresBeyondTheStore({ programs }: ServicesUnderTest): readonly unknown[] {
  return entriesOf(programs.gateway)
    .filter(({ level }) => level === "error")
    .map(({ err }) => err)
    .filter((error) => !JSON.stringify(error).includes("the store did not answer in time"));
}

// Not at 50 logins a second, but at as many as the MongoDB of the tests carries, each with a code, its redemption and a refresh.
test("X15: while every replica of every service is restarted, one after the other, no login fails", {
  timeout: 120_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const people = [1, 2, 3, 4].map(() => ({ ...application, agent: userAgent(signet.url) }));
  const logins = startLogins(people);
  for (const name of rpcServices) {
    for (const replica of signet.replicas[name]) {
      await logins.more();
      await restart(replica);
      await logins.more();
    }
  }
  await logins.stop();
  expect(failuresBeyondTheStore(signet)).toEqual([]);
  expect(logins.failed).toBeLessThan(logins.done.length / 10);
  for (const family of logins.done.slice(-4)) await expectOneHead(application, family);
});
