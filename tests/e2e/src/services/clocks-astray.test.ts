import { clockwork, newApplication, obtainCode, obtainTokens, redeem, refresh, tokensOf, userinfo } from "@signet/testkit";
import { expect, test } from "vitest";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import { runningServices } from "./running-services.ts";

const minute = 60_000;
const hour = 60 * minute;

/** One replica of each is right, one is slow and one is fast; the gateway's calls go to them in turn. */
const differences = [0, -5 * minute, 5 * minute];
const clock = clockwork();
const running = runningServices(async () => ({
  clockwork: clock,
  replicas: { auth: 3, token: 3 },
  astray: { auth: differences, token: differences },
}));

/** More than one round of all replicas. */
const rounds = 7;
async function atEach<Result>(request: () => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let round = 0; round < rounds; round++) results.push(await request());
  return results;
}

test("X18: an access token is good at every replica, whichever issued it, and at none once it has expired", async () => {
  const application = await newApplication(running());
  const tokens = await atEach(async () => (await obtainTokens(application)).access_token);
  for (const token of tokens) {
    expect(new Set((await atEach(() => outcome(userinfo(application.issuer, token)))).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  }
  clock.advance(hour - minute);
  for (const token of tokens) {
    expect(new Set((await atEach(() => outcome(userinfo(application.issuer, token)))).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  }
  clock.advance(minute);
  for (const token of tokens) {
    expect(new Set((await atEach(() => outcome(userinfo(application.issuer, token)))).map(({ status }) => status))).toEqual(
      new Set([401]),
    );
  }
});

test("X18: a code is good at every replica at once, and at none a minute later", async () => {
  const application = await newApplication(running());
  const good = await atEach(() => obtainCode(application));
  for (const code of good) expect(await outcome(redeem(application, code))).toEqual(granted);
  const late = await atEach(() => obtainCode(application));
  clock.advance(minute);
  for (const code of late) expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
});

test("X18: a refresh token has one successor whichever replicas are asked, and a used one ends the family after the grace window", async () => {
  const application = await newApplication(running());
  let { refresh_token: live } = await obtainTokens(application);
  const used: string[] = [];
  for (let round = 0; round < rounds; round++) {
    used.push(live);
    live = (await tokensOf(await refresh(application, live))).refresh_token;
  }
  clock.advance(10_000);
  expect(await outcome(refresh(application, used.at(-1) ?? ""))).toEqual(invalidGrant);
  expect(await outcome(refresh(application, live))).toEqual(invalidGrant);
});
