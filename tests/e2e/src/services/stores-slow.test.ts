import {
  authorizationUrl,
  newApplication,
  obtainCode,
  type RegisteredClient,
  redeem,
  redirectUri,
  refresh,
  registrationRequest,
  type ServicesOptions,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, expect, test } from "vitest";
import { expectOneHead, newFamily } from "../ledger.ts";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import { type Attempt, attempt, expectUnavailable, p99, servedAgain } from "./attempts.ts";
import { type DelayingProxy, delayingProxy, slowed } from "./delaying-proxy.ts";
import { expectReadyAgain, expectToGoOn, runningServices } from "./running-services.ts";

const ways = new Map<string, DelayingProxy>();
const between: ServicesOptions["between"] = async (store, port) => {
  const way = await delayingProxy(port);
  ways.set(store, way);
  return way.port;
};
const running = runningServices(async () => ({ environment: { SIGNET_REFRESH_GRACE_MS: "60000" }, between }));
afterAll(() => {
  for (const way of ways.values()) way.close();
});

function wayTo(store: "redis" | "mongodb"): DelayingProxy {
  const way = ways.get(store);
  if (way === undefined) throw new Error(`nothing stands before ${store}`);
  return way;
}

const clientCredentials = { grant_type: "client_credentials" };

test("X6: with half a second to Redis a code is redeemed all the same", async () => {
  const application = await newApplication(running());
  const code = await obtainCode(application);
  const slow = slowed(wayTo("redis"), 500);
  expect(await outcome(redeem(application, code))).toEqual(granted);
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
  slow.end();
  await expectReadyAgain(running());
});

test("X6: with five seconds to Redis 200 requests at once are unavailable by the deadline, none is queued beyond it, and no code is spent twice", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const code = await obtainCode(application);
  const { agent, client } = application;
  await expectToGoOn(signet);
  const slow = slowed(wayTo("redis"), 5000);
  const begin = performance.now();
  const authorizations = await Promise.all(
    Array.from({ length: 200 }, () => attempt(() => agent.request(authorizationUrl(signet.url, client)))),
  );
  for (const made of authorizations) await expectUnavailable(made);
  expect(performance.now() - begin).toBeLessThan(4000);
  await expectUnavailable(await attempt(() => redeem(application, code)));
  // What needs no Redis.
  await expectToGoOn(signet);
  expect(await outcome(tokenRequest(signet.url, client, clientCredentials))).toEqual(granted);

  slow.end();
  // The redemption that nobody waited for may have been done.
  expect([granted, invalidGrant]).toContainEqual(await outcome(servedAgain(() => redeem(application, code))));
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
  await expectReadyAgain(signet);
});

/** How long each of these takes that needs no MongoDB, one after the other. */
async function unrelatedMilliseconds(url: string, client: RegisteredClient): Promise<readonly number[]> {
  const elapsed: number[] = [];
  for (let count = 0; count < 60; count++) {
    const requests = [
      () => tokenRequest(url, client, clientCredentials),
      () => fetch(`${url}/.well-known/openid-configuration`),
      () => fetch(authorizationUrl(url, client), { redirect: "manual" }),
    ];
    for (const send of requests) {
      const made = await attempt(send);
      expect(made.reply.status).toBeLessThan(400);
      elapsed.push(made.milliseconds);
    }
  }
  return elapsed;
}

test("X11: with two more seconds to MongoDB deadlines hold, other endpoints are as quick as before, and a refresh token keeps one successor", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const family = await newFamily(application);
  await expectToGoOn(signet);
  const before = await unrelatedMilliseconds(signet.url, application.client);

  const slow = slowed(wayTo("mongodb"), 2000);
  let areWorking = true;
  const needingMongo = [
    () => refresh(application, family.head),
    () => registrationRequest(signet, { client_name: "Another", redirect_uris: [redirectUri] }),
  ].map(async (send) => {
    const attempts: Attempt[] = [];
    do attempts.push(await attempt(send));
    while (areWorking);
    for (const made of attempts) await expectUnavailable(made);
  });
  const meanwhile = await unrelatedMilliseconds(signet.url, application.client);
  areWorking = false;
  await Promise.all(needingMongo);
  await expectToGoOn(signet);
  // A machine that has other things to do makes single requests take some milliseconds more.
  expect(p99(meanwhile)).toBeLessThan(2 * p99(before) + 50);

  slow.end();
  await servedAgain(() => refresh(application, family.head));
  await expectOneHead(application, family);
  await expectReadyAgain(signet);
});
