import {
  administer,
  createTenant,
  createUser,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  registerClient,
  type ServiceName,
  tokenRequest,
} from "@signet/testkit";
import { decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import { newFamily } from "../ledger.ts";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import {
  type Attempt,
  attempt,
  expectUnavailable,
  median,
  recoveryMilliseconds,
  servedAgain,
  unavailableMilliseconds,
} from "./attempts.ts";
import { dumpOfMongodb } from "./database-dumps.ts";
import { expectReadyAgain, expectToGoOn, expectWaitingFor, killService, runningServices } from "./running-services.ts";

// Without a grace window a second use of a refresh token is a reuse: a rotation that nobody waits for any more would show.
const running = runningServices(async () => ({ environment: { SIGNET_REFRESH_GRACE_MS: "0" } }));

test("while the registry is away discovery and the keys go on, also when nothing of it may be used any more", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const client = await registerClient(signet);
  const tokens = () => tokenRequest(signet.url, client, { grant_type: "client_credentials" });
  expect(await outcome(tokens())).toEqual(granted);
  await expectToGoOn(signet);

  const registry = await killService(signet, "client-registry");
  await expect.poll(async () => (await tokens()).status, { timeout: recoveryMilliseconds }).toBe(503);
  await expectUnavailable(await attempt(tokens));
  await expectToGoOn(signet);
  await expectWaitingFor(signet, ["client-registry", "auth", "token"]);
  await expectToGoOn(signet);

  await registry.bringBack();
  expect((await servedAgain(tokens)).status).toBe(200);
  await expectReadyAgain(signet);
});

test("while the auth service is away, however long, refreshes are unavailable and cost no client its tokens", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const family = await newFamily(application);
  const auth = await killService(signet, "auth");
  for (let count = 0; count < 3; count++) await expectUnavailable(await attempt(() => refresh(application, family.head)));
  await expectToGoOn(signet);
  await expectWaitingFor(signet, ["auth"]);

  await auth.bringBack();
  expect(await outcome(servedAgain(() => refresh(application, family.head)))).toEqual(granted);
  await expectReadyAgain(signet);
});

test("a tenant that is deleted while the auth and the token service are away leaves nothing in MongoDB once they are back", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const tenant = await createTenant(signet, "left-behind");
  const person = await createUser(tenant, "somebody-left-behind");
  const { id_token } = await obtainTokens(await newApplication(tenant, { person }));
  const { kid } = decodeProtectedHeader(id_token);
  const left = [person.username, String(kid)];
  const kept = async () => {
    const { bytes } = await dumpOfMongodb(signet.mongodb.url);
    return left.filter((text) => bytes.includes(text));
  };
  const away = [await killService(signet, "auth"), await killService(signet, "token")];
  await administer(signet, "DELETE", "/left-behind");
  expect(await kept()).toEqual(left);

  for (const service of away) await service.bringBack();
  await expect.poll(kept, { timeout: recoveryMilliseconds }).toEqual([]);
  await expectReadyAgain(signet);
});

test("X13: while Redis stands still codes are unavailable by the deadline, soon within half a second, and are spent once afterwards", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const code = await obtainCode(application);
  signet.redis.pause();
  await expectUnavailable(await attempt(() => redeem(application, code)));
  expect(median(await unavailableMilliseconds(5, () => redeem(application, code)))).toBeLessThan(500);
  await expectToGoOn(signet);

  signet.redis.resume();
  // Redis may have read the first command before it stood still, and do it afterwards.
  expect([granted, invalidGrant]).toContainEqual(await outcome(servedAgain(() => redeem(application, code))));
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
  await expectReadyAgain(signet);
});

/** Sends the request for as long as a service stands still, until its loss has been noticed; each attempt. */
async function untilNoticed(send: () => Promise<Response>): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  const begin = performance.now();
  while (performance.now() - begin < standstillMilliseconds) {
    const made = await attempt(send);
    await expectUnavailable(made);
    attempts.push(made);
  }
  return attempts;
}

// Not for 30 s: after 5 every deadline has passed, and whoever calls has noticed.
const standstillMilliseconds = 5000;

test.each<{ readonly name: ServiceName }>([{ name: "token" }, { name: "auth" }])(
  "X13: while $name stands still requests are unavailable by the deadline, soon within a second, and what has expired is not done afterwards",
  async ({ name }) => {
    const signet = running();
    const application = await newApplication(signet);
    const code = await obtainCode(application);
    const family = await newFamily(application);
    await expectToGoOn(signet);

    signet.programs[name].signal("SIGSTOP");
    const expired = await Promise.all([
      attempt(() => redeem(application, code)),
      attempt(() => refresh(application, family.head)),
    ]);
    for (const made of expired) await expectUnavailable(made);
    const attempts = await untilNoticed(() => refresh(application, family.head));
    await expectToGoOn(signet);
    expect(median(attempts.map(({ milliseconds }) => milliseconds))).toBeLessThan(1000);

    signet.programs[name].signal("SIGCONT");
    expect(await outcome(servedAgain(() => refresh(application, family.head)))).toEqual(granted);
    expect(await outcome(redeem(application, code))).toEqual(granted);
    await expectReadyAgain(signet);
  },
  60_000,
);
