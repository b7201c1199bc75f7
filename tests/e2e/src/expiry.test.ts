import {
  type Application,
  authorizationUrl,
  clockwork,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askAdministration } from "./administration-request.ts";
import { errorIn, granted, invalidGrant, invalidToken, outcome } from "./outcomes.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const clock = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({ clockwork: clock });
});
afterAll(() => signet.stop());

/** What has died stays dead where the clock is set back by an hour, and while it runs from there. */
async function expectToStay<Outcome>(outcomeOf: () => Promise<Outcome>, dead: Outcome): Promise<void> {
  expect(await outcomeOf()).toEqual(dead);
  clock.advance(-hour);
  expect(await outcomeOf()).toEqual(dead);
  clock.advance(hour / 2);
  expect(await outcomeOf()).toEqual(dead);
  // Past the moment from which on the time that Signet goes by is the clock's again.
  clock.advance(hour / 2 + minute);
  expect(await outcomeOf()).toEqual(dead);
}

async function silently({ agent, client, issuer }: Application): Promise<string> {
  return errorIn(await agent.open(authorizationUrl(issuer, client, { prompt: "none" }))) ?? "no error";
}

describe("C5, X19: is good until its last second, and dead from then on, also by a clock that is set back by an hour afterwards:", () => {
  test("a code, for a minute", async () => {
    const application = await newApplication(signet);
    const [good, late] = [await obtainCode(application), await obtainCode(application)];
    clock.advance(minute - second);
    expect(await outcome(redeem(application, good))).toEqual(granted);
    clock.advance(second);
    await expectToStay(() => outcome(redeem(application, late)), invalidGrant);
  });

  test.each(["jwt", "opaque"])("an access token in the format %s, for an hour", async (format) => {
    const application = await newApplication(signet, { metadata: { access_token_format: format } });
    const { access_token } = await obtainTokens(application);
    clock.advance(hour - second);
    expect(await outcome(userinfo(application.issuer, access_token))).toEqual(granted);
    clock.advance(second);
    await expectToStay(() => outcome(userinfo(application.issuer, access_token)), invalidToken);
  });

  test("a refresh token, for thirty days from when it was issued", async () => {
    const application = await newApplication(signet);
    const { refresh_token: first } = await obtainTokens(application);
    clock.advance(30 * day - second);
    const { refresh_token: next } = await tokensOf(await refresh(application, first));
    clock.advance(30 * day);
    await expectToStay(() => outcome(refresh(application, next)), invalidGrant);
  });

  test("a session, for a day", async () => {
    const application = await newApplication(signet);
    await obtainTokens(application);
    clock.advance(day - second);
    expect(await silently(application)).toBe("no error");
    clock.advance(second);
    await expectToStay(() => silently(application), "login_required");
  });

  test("a retired signing key, for a day and ten minutes", async () => {
    const application = await newApplication(signet);
    const kid = decodeProtectedHeader((await obtainTokens(application)).id_token).kid;
    const isPublished = async () => {
      const { keys }: JSONWebKeySet = JSON.parse(await (await fetch(`${signet.url}/oauth2/v1/certs`)).text());
      return keys.some((key) => key.kid === kid);
    };
    expect((await askAdministration(signet, "POST", "/default/keys/rotate")).status).toBe(200);
    clock.advance(12 * minute + day + 10 * minute - second);
    expect(await isPublished()).toBe(true);
    clock.advance(second);
    await expectToStay(isPublished, false);
  });
});

test("X19: what was used up, or revoked, by a clock that ran before it was set back is used up and revoked by the clock that runs after it", async () => {
  const application = await newApplication(signet);
  const code = await obtainCode(application, { scope: "openid offline_access" });
  const tokens = await tokensOf(await redeem(application, code));
  clock.advance(minute);
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
  await expectToStay(() => outcome(refresh(application, tokens.refresh_token)), invalidGrant);
  await expectToStay(() => outcome(userinfo(application.issuer, tokens.access_token)), invalidToken);
});
