import {
  type Application,
  clockwork,
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainTokens,
  refresh,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askAdministration } from "./administration-request.ts";
import { expectError } from "./api-request.ts";
import { granted, outcome } from "./outcomes.ts";
import { relyingPartyWithCachedKeys } from "./relying-party-with-cached-keys.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** Twice the max-age of the JWK Set, and two minutes. */
const publication = 12 * minute;

interface KeyView {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: string;
  readonly created_at: number;
  readonly signs_from: number;
  readonly retires_at: number | null;
  readonly published_until: number | null;
}

const clock = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({ clockwork: clock });
});
afterAll(() => signet.stop());

async function keysAfter(method: string, path: string, body?: object): Promise<readonly KeyView[]> {
  const reply = await askAdministration(signet, method, path, body === undefined ? {} : { body });
  expect(reply.status, reply.text).toBe(200);
  return JSON.parse(reply.text).result;
}

let tenants = 0;
/** An application at a tenant of its own, and what becomes of that tenant's keys. */
async function atNewTenant(metadata: Readonly<Record<string, unknown>> = { id_token_signed_response_alg: "ES256" }) {
  const home: Home = await createTenant(signet, `keys-${++tenants}`);
  const application = await newApplication(home, { person: await createUser(home, "ann"), metadata });
  const at = `/${home.name}/keys`;
  return {
    home,
    application,
    at,
    list: () => keysAfter("GET", at),
    rotate: (body?: object) => keysAfter("POST", `${at}/rotate`, body),
    revoke: (body?: object) => keysAfter("POST", `${at}/emergency`, body),
  };
}

async function keySetOf(issuer: string): Promise<JSONWebKeySet> {
  return JSON.parse(await (await fetch(`${issuer}/oauth2/v1/certs`)).text());
}
const kidsOf = async ({ issuer }: Application) => (await keySetOf(issuer)).keys.map(({ kid }) => kid);
const ownToken = async ({ issuer, client }: Application) =>
  (await tokensOf(await tokenRequest(issuer, client, { grant_type: "client_credentials" }))).access_token;
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

test("a key that is rotated is published before it signs, signs at its time, and the one before verifies until its last token is dead", async () => {
  const { application, list, rotate } = await atNewTenant();
  const first = await obtainTokens(application);
  const [before] = await list();
  expect(before).toEqual({
    kid: kidOf(first.id_token),
    algorithm: "ES256",
    state: "current",
    created_at: expect.any(Number),
    signs_from: before?.created_at,
    retires_at: null,
    published_until: null,
  });

  const now = clock.clock();
  const [current, next] = await rotate();
  expect(current).toMatchObject({
    kid: before?.kid,
    state: "current",
    retires_at: now + publication,
    published_until: now + publication + day + 10 * minute,
  });
  expect(next).toMatchObject({ state: "next", created_at: now, signs_from: now + publication, retires_at: null });
  expect(await kidsOf(application)).toEqual([current?.kid, next?.kid]);

  clock.advance(publication - 1000);
  expect(kidOf(await ownToken(application))).toBe(current?.kid);
  clock.advance(1000);
  const second = await tokensOf(await refresh(application, first.refresh_token));
  expect(kidOf(second.id_token)).toBe(next?.kid);
  expect(await outcome(userinfo(application.issuer, first.access_token))).toEqual(granted);
  expect((await list()).map(({ state }) => state)).toEqual(["retired", "current"]);

  clock.advance(day + 10 * minute);
  expect(await kidsOf(application)).toEqual([next?.kid]);
});

test("a rotation while a key stands ready changes nothing, and ten at once make one key", async () => {
  const { application, rotate } = await atNewTenant();
  await ownToken(application);
  const replies = await Promise.all(Array.from({ length: 10 }, () => rotate()));
  for (const keys of replies) expect(keys.map(({ state }) => state)).toEqual(["current", "next"]);
  expect(new Set(replies.map((keys) => keys[1]?.kid)).size).toBe(1);
  expect(await rotate()).toEqual(replies[0]);
});

test("each algorithm can be rotated alone; one that does not exist is wrong", async () => {
  const { home, application, at, rotate } = await atNewTenant();
  await ownToken(application);
  await ownToken(await newApplication(home, { metadata: { id_token_signed_response_alg: "EdDSA" } }));
  const keys = await rotate({ algorithm: "ES256" });
  expect(keys.filter(({ state }) => state === "next").map(({ algorithm }) => algorithm)).toEqual(["ES256"]);
  expectError(await askAdministration(signet, "POST", `${at}/rotate`, { body: { algorithm: "HS256" } }), 400, 1004);
  expectError(await askAdministration(signet, "POST", `${at}/rotate`, { body: { algorithm: 1 } }), 400, 1004);
});

test("the first key of an algorithm can be published before any client is registered for it", async () => {
  const { home, application, at, rotate } = await atNewTenant();
  await ownToken(application);
  const keys = await rotate({ algorithm: "Ed25519" });
  const first = keys.find(({ algorithm }) => algorithm === "Ed25519");
  expect(first).toMatchObject({ state: "current" });
  expect(await kidsOf(application)).toContain(first?.kid);
  expect(kidOf(await ownToken(await newApplication(home, { metadata: { id_token_signed_response_alg: "Ed25519" } })))).toBe(
    first?.kid,
  );
  expectError(await askAdministration(signet, "POST", `${at}/emergency`, { body: { algorithm: "PS256" } }), 404, 1002);
});

test("in an emergency the key is published no longer, its tokens are refused, and refreshed ones are signed by another", async () => {
  const { application, revoke } = await atNewTenant();
  const { issuer } = application;
  const stolen = await obtainTokens(application);
  expect(await outcome(userinfo(issuer, stolen.access_token))).toEqual(granted);

  const keys = await revoke();
  expect(keys.map(({ state }) => state)).toEqual(["current"]);
  expect(await kidsOf(application)).toEqual([keys[0]?.kid]);
  expect(kidOf(stolen.access_token)).not.toBe(keys[0]?.kid);
  expect(await outcome(userinfo(issuer, stolen.access_token))).toEqual({ status: 401, error: "invalid_token" });

  const renewed = await tokensOf(await refresh(application, stolen.refresh_token));
  expect(kidOf(renewed.access_token)).toBe(keys[0]?.kid);
  expect(await outcome(userinfo(issuer, renewed.access_token))).toEqual(granted);
});

test("an emergency goes over to the key that stands ready, and one key can be named, whatever its state", async () => {
  const { application, at, rotate, revoke } = await atNewTenant();
  await ownToken(application);
  const [current, next] = await rotate();
  expect((await revoke()).map(({ kid }) => kid)).toEqual([next?.kid]);
  expect(kidOf(await ownToken(application))).toBe(next?.kid);
  expectError(await askAdministration(signet, "POST", `${at}/emergency`, { body: { kid: current?.kid } }), 404, 1002);

  const [, standing] = await rotate();
  expect((await revoke({ kid: standing?.kid })).map(({ kid }) => kid)).toEqual([next?.kid]);
});

test("signing keys are the administrator's: 401 without the administration token, 404 for a workplace that is not there", async () => {
  const { at } = await atNewTenant();
  for (const [method, path] of [
    ["GET", at],
    ["POST", `${at}/rotate`],
    ["POST", `${at}/emergency`],
  ] as const) {
    for (const token of ["", signet.registrationToken]) {
      expectError(await askAdministration(signet, method, path, { headers: { "X-Auth-Token": token } }), 401, 1001);
    }
    expectError(await askAdministration(signet, method, path.replace(at, "/nobody/keys")), 404, 1002);
  }
});

test.each(["rotate", "emergency"])("%s needs no body; one that is sent has to be JSON with what is known", async (how) => {
  const { application, at } = await atNewTenant();
  await ownToken(application);
  const ask = (request: Parameters<typeof askAdministration>[3]) => askAdministration(signet, "POST", `${at}/${how}`, request);
  expect((await ask({})).status).toBe(200);
  expect((await ask({ body: {} })).status).toBe(200);
  expectError(
    await ask({ body: "algorithm=ES256", headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
    415,
    1009,
  );
  expectError(await ask({ body: "{", headers: { "Content-Type": "application/json" } }), 400, 1000);
  expectError(await ask({ body: { algorithm: ["ES256"] } }), 400, 1004);
});

test("T4: a tenant's rotation and its emergency leave other tenants' keys as they are", async () => {
  const [one, other] = [await atNewTenant(), await atNewTenant()];
  await ownToken(one.application);
  const token = await obtainTokens(other.application);
  const before = await other.list();
  await one.rotate();
  await one.revoke();
  expect(await other.list()).toEqual(before);
  expect(await outcome(userinfo(other.application.issuer, token.access_token))).toEqual(granted);
});

describe("X16: ten rotations under load", () => {
  test("no token fails for a relying party that keeps the keys for as long as it may, behind a cache that does the same", async () => {
    const { application, rotate } = await atNewTenant({ id_token_signed_response_alg: "RS256" });
    const relyingParty = relyingPartyWithCachedKeys(application.issuer, clock.clock);
    await ownToken(application);
    let isRotating = true;
    const verified = [0, 0, 0, 0];
    const workers = verified.map(async (_count, index) => {
      while (isRotating) {
        await relyingParty.verify(await ownToken(application));
        verified[index] = (verified[index] ?? 0) + 1;
      }
    });
    /** Each worker gets on with the time as it is. */
    const more = async () => {
      const before = [...verified];
      await expect
        .poll(() => verified.every((count, index) => count >= (before[index] ?? 0) + 1), { timeout: 20_000, interval: 5 })
        .toBe(true);
    };
    const signers = new Set<string | undefined>();
    for (let rotation = 0; rotation < 10; rotation++) {
      const keys = await rotate();
      expect(keys.filter(({ state }) => state === "next")).toHaveLength(1);
      // A minute longer than it takes, so that each rotation falls into another moment of the caches' time.
      for (let passed = 0; passed <= publication; passed += minute) {
        await more();
        clock.advance(minute);
      }
      signers.add(kidOf(await ownToken(application)));
    }
    await more();
    isRotating = false;
    await Promise.all(workers);
    expect(signers.size).toBe(10);
    expect(relyingParty.failures).toEqual([]);
  }, 60_000);
});
