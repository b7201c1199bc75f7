import { type Application, type RegisteredClient, refresh, type ServicesUnderTest, tokenRequest } from "@signet/testkit";
import { expect } from "vitest";
import { type Family, rotate } from "../ledger.ts";
import { granted, outcome } from "../outcomes.ts";
import { untilServed } from "./attempts.ts";

/** What the clients were told meanwhile. */
export interface LoadLedger {
  readonly families: readonly Family[];
  readonly clients: RegisteredClient[];
}

/** Clients at work, each with its next request as soon as the last one was served, and each trying again what was not. */
export interface Load {
  /** How many requests have been served, at the first attempt or a later one. */
  readonly served: number;
  /** How many were not served at the first attempt. */
  readonly triedAgain: number;
  /** Resolves once each of them has been served a request that it began after now. Rejects where one was answered otherwise than it may be. */
  servedByAll(): Promise<void>;
  /** Lets all finish what they are at. */
  stop(): Promise<void>;
}

/** One client for each family of refresh tokens, one that gets tokens for itself, and one that registers clients. */
export function startLoad(signet: ServicesUnderTest, application: Application, ledger: LoadLedger): Load {
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

  for (const family of ledger.families) {
    work(() => rotate(application, family, (one, token) => persistently(() => refresh(one, token))));
  }
  work(async () => {
    const send = () => tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
    expect(await outcome(persistently(send))).toEqual(granted);
  });
  work(async () => {
    const reply = await persistently(() => registration(signet));
    expect(reply.status).toBe(200);
    ledger.clients.push(JSON.parse(await reply.text()));
  });

  return {
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
  };
}

function registration({ url, registrationToken }: ServicesUnderTest): Promise<Response> {
  return fetch(`${url}/v1/oidc/default/registration`, {
    method: "POST",
    headers: { Authorization: `Bearer ${registrationToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ client_name: "Another", redirect_uris: ["https://app.example/callback"] }),
  });
}
