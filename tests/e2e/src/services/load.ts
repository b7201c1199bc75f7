import {
  type Application,
  redirectUri,
  refresh,
  registrationRequest,
  type ServicesUnderTest,
  tokenRequest,
} from "@signet/testkit";
import { expect } from "vitest";
import { expectNothingLost, expectRegistrations, type Family, newFamilies, rotate } from "../ledger.ts";
import { granted, outcome } from "../outcomes.ts";
import { untilServed } from "./attempts.ts";

const another = { client_name: "Another", redirect_uris: [redirectUri] };

/** Clients at work, each with its next request as soon as the last one was served, and each trying again what was not. */
export interface Load {
  /** What those that refresh were told so far. */
  readonly families: readonly Family[];
  /** How many requests have been served, at the first attempt or a later one. */
  readonly served: number;
  /** How many were not served at the first attempt. */
  readonly triedAgain: number;
  /** Resolves once each of them has been served a request that it began after now. Rejects where one was answered otherwise than it may be. */
  servedByAll(): Promise<void>;
  /** Lets all finish what they are at. */
  stop(): Promise<void>;
  /** Once they have stopped: everything that any of them was told holds. */
  expectNothingLost(): Promise<void>;
}

/** One client for each of so many families of refresh tokens, one that gets tokens for itself, and one that registers clients. */
export async function startLoad(signet: ServicesUnderTest, application: Application, count: number): Promise<Load> {
  const families = await newFamilies(application, count);
  const clients = [application.client];
  let served = 0;
  let triedAgain = 0;
  let isStopping = false;
  const working: Promise<void>[] = [];
  const rounds: number[] = [];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});

  async function persistently(send: () => Promise<Response>): Promise<Response> {
    const { reply, failures } = await untilServed(send);
    if (failures.length > 0) triedAgain++;
    served++;
    return reply;
  }

  function work(step: () => Promise<void>): void {
    const index = rounds.push(0) - 1;
    const run = async () => {
      while (!isStopping) {
        await step();
        rounds[index] = (rounds[index] ?? 0) + 1;
      }
    };
    const running = run();
    running.catch(failed.reject);
    working.push(running);
  }

  for (const family of families) {
    work(() => rotate(application, family, (one, token) => persistently(() => refresh(one, token))));
  }
  work(async () => {
    const send = () => tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
    expect(await outcome(persistently(send))).toEqual(granted);
  });
  work(async () => {
    const reply = await persistently(() => registrationRequest(signet, another));
    expect(reply.status).toBe(200);
    clients.push(JSON.parse(await reply.text()));
  });

  return {
    families,
    get served() {
      return served;
    },
    get triedAgain() {
      return triedAgain;
    },
    async servedByAll() {
      const goals = rounds.map((count) => count + 2);
      const reached = async () => {
        await expect
          .poll(() => rounds.every((count, index) => count >= (goals[index] ?? 0)), { timeout: 30_000, interval: 10 })
          .toBe(true);
      };
      await Promise.race([reached(), failed.promise]);
    },
    async stop() {
      isStopping = true;
      await Promise.all(working);
    },
    async expectNothingLost() {
      await expectRegistrations(signet, clients);
      await expectNothingLost(application, families);
    },
  };
}
