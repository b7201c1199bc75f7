import { once } from "node:events";
import { connect } from "node:net";
import {
  type Application,
  authorizationUrl,
  newApplication,
  obtainCode,
  obtainTokens,
  type RegisteredClient,
  redeem,
  redirectUri,
  refresh,
  registerClient,
  registrationRequest,
  tokenRequest,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { expect, test } from "vitest";
import { expectOneHead, expectRegistrations, expectUsedUp, newFamily, rotate } from "../ledger.ts";
import { granted, invalidClient, invalidGrant, invalidToken, outcome } from "../outcomes.ts";
import { assertionForm, jwksFor } from "../shown-credentials.ts";
import { attempt, expectUnavailable, median, recoveryMilliseconds, servedAgain, unavailableMilliseconds } from "./attempts.ts";
import { expectReadyAgain, expectToGoOn, expectWaitingFor, killStore, runningServices } from "./running-services.ts";

const everyService = ["client-registry", "auth", "token"] as const;

// Every write to Redis is on the disk before it is acknowledged; a late retry counts as one in time, however slow the machine.
const running = runningServices(async () => ({
  redisSettings: ["--appendonly", "yes", "--appendfsync", "always"],
  environment: { SIGNET_REFRESH_GRACE_MS: "60000" },
}));

const clientCredentials = { grant_type: "client_credentials" };

/** The metadata of one that authenticates by assertions. */
const signingClient = {
  grant_types: ["client_credentials"],
  redirect_uris: [],
  token_endpoint_auth_method: "private_key_jwt",
  jwks: jwksFor("ES256"),
};

/** A token request by an assertion: a new one, unless it is given. */
async function assert(client: RegisteredClient, assertion?: Readonly<Record<string, string>>): Promise<Response> {
  const { url } = running();
  const shown = assertion ?? (await assertionForm(client, url, "ES256"));
  return fetch(`${url}/oauth2/v1/token`, { method: "POST", body: new URLSearchParams({ ...clientCredentials, ...shown }) });
}

function openAuthorization({ agent, issuer, client }: Application, parameters: Readonly<Record<string, string>> = {}) {
  return agent.open(authorizationUrl(issuer, client, parameters));
}

test("X3: while Redis is away codes are unavailable within half a second, all else goes on, and afterwards everything is as it was acknowledged", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const family = await newFamily(application);
  const unused = { ...(await obtainCode(application)), state: "unused" as const };
  const redeemed = { ...(await obtainCode(application)), state: "redeemed" as const };
  expect(await outcome(redeem(application, redeemed))).toEqual(granted);
  const signing = await registerClient(signet, signingClient);
  await expectToGoOn(signet);

  const redis = await killStore(signet.redis);
  expect(median(await unavailableMilliseconds(7, () => redeem(application, unused)))).toBeLessThan(500);
  // What has been used cannot be told without it, so nothing is accepted.
  await expectUnavailable(await attempt(() => assert(signing)));
  const page = await openAuthorization(application);
  expect([page.status, page.heading, page.headers.get("Retry-After")]).toEqual([503, "Please try again in a moment", "1"]);
  // These need MongoDB alone.
  await rotate(application, family);
  expect(await outcome(tokenRequest(signet.url, application.client, clientCredentials))).toEqual(granted);
  await expectToGoOn(signet);
  await expectWaitingFor(signet, everyService);
  await expectToGoOn(signet);

  await redis.bringBack();
  expect(await outcome(servedAgain(() => redeem(application, unused)))).toEqual(granted);
  // Those that were made before Redis was started are refused, in whole seconds: newer ones are accepted from the next second on.
  await expect.poll(() => outcome(assert(signing)), { timeout: recoveryMilliseconds }).toEqual(granted);
  await expectReadyAgain(signet);
  for (const code of [unused, redeemed]) await expectUsedUp(application, { ...code, state: "redeemed" });
  expect((await openAuthorization(application, { prompt: "none" })).callback?.searchParams.get("code")).toMatch(/./);
  await expectOneHead(application, family);
});

/** Forgets all data, and the scripts that it was taught. */
async function emptyRedis(): Promise<void> {
  const socket = connect({ port: running().redis.port, host: "127.0.0.1" });
  socket.write("FLUSHALL SYNC\r\nSCRIPT FLUSH\r\nQUIT\r\n");
  const replies: string[] = [];
  socket.setEncoding("utf8").on("data", (text: string) => replies.push(text));
  await once(socket, "close");
  expect(replies.join("")).toBe("+OK\r\n+OK\r\n+OK\r\n");
}

test("X5: once Redis is emptied people sign in again, codes and opaque tokens are refused, and nothing fails", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const opaque = await newApplication(signet, { metadata: { access_token_format: "opaque" }, agent: application.agent });
  const family = await newFamily(application);
  const opaqueFamily = await newFamily(opaque);
  const { access_token: opaqueToken } = await obtainTokens(opaque);
  expect(await outcome(userinfo(signet.url, opaqueToken))).toEqual(granted);
  const unused = await obtainCode(application);
  const redeemed = await obtainCode(application);
  expect(await outcome(redeem(application, redeemed))).toEqual(granted);
  const stranger = { ...application, agent: userAgent(signet.url) };
  const halfway = await openAuthorization(stranger);
  const deleted = await registerClient(signet);
  const signing = await registerClient(signet, signingClient);
  const used = await assertionForm(signing, signet.url, "ES256");
  const unusedAssertion = await assertionForm(signing, signet.url, "ES256");
  expect(await outcome(assert(signing, used))).toEqual(granted);

  await emptyRedis();
  // Whether they were used is not known any more; newer ones are accepted from the next second on.
  for (const assertion of [used, unusedAssertion]) expect(await outcome(assert(signing, assertion))).toEqual(invalidClient);
  await expect.poll(() => outcome(assert(signing)), { timeout: recoveryMilliseconds }).toEqual(granted);
  for (const code of [unused, redeemed]) expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
  expect(await outcome(userinfo(signet.url, opaqueToken))).toEqual(invalidToken);
  const { status, heading } = await stranger.agent.submit(halfway, { ...application.person });
  expect([status, heading]).toEqual([404, "This page has expired"]);
  expect(await openAuthorization(application)).toMatchObject({ status: 200, heading: "Sign in" });
  expect(await outcome(redeem(application, await obtainCode(application)))).toEqual(granted);
  for (const [one, itsFamily] of [
    [application, family],
    [opaque, opaqueFamily],
  ] as const) {
    await rotate(one, itsFamily);
    await expectOneHead(one, itsFamily);
  }
  // What is changed from now on still reaches everyone.
  expect(await outcome(tokenRequest(signet.url, deleted, clientCredentials))).toEqual(granted);
  await deleteClient(deleted);
  await expect
    .poll(() => outcome(tokenRequest(signet.url, deleted, clientCredentials)), { timeout: recoveryMilliseconds })
    .toEqual(invalidClient);
});

async function deleteClient({ client_id }: RegisteredClient): Promise<void> {
  const { url, registrationToken } = running();
  const reply = await fetch(`${url}/v1/oidc/default/registration?client_id=${client_id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${registrationToken}` },
  });
  expect(reply.ok).toBe(true);
}

test("X10: while MongoDB is away registrations and refreshes are unavailable, discovery and the keys go on, and nothing acknowledged is lost", {
  timeout: 60_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const family = await newFamily(application);
  const clients = [application.client, await registerClient(signet)];
  await expectToGoOn(signet);
  const registration = () => registrationRequest(signet, { client_name: "Another", redirect_uris: [redirectUri] });

  const mongodb = await killStore(signet.mongodb);
  const refused = await Promise.all([attempt(registration), attempt(() => refresh(application, family.head))]);
  for (const made of refused) await expectUnavailable(made);
  expect(await refused[0].reply.json()).toMatchObject({ error_code: 1011 });
  await expectToGoOn(signet);
  await expectWaitingFor(signet, everyService);
  await expectToGoOn(signet);

  await mongodb.bringBack();
  const reply = await servedAgain(registration);
  expect(reply.status).toBe(200);
  clients.push(JSON.parse(await reply.text()));
  await expectReadyAgain(signet);
  await expectRegistrations(signet, clients);
  await expectOneHead(application, family);
});
