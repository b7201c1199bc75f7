import {
  type Application,
  administer,
  authorizationUrl,
  clockwork,
  createTenant,
  createUser,
  type Home,
  newApplication,
  type ObtainedCode,
  obtainCode,
  redeem,
  refresh,
  registerClient,
  registrationTokenOf,
  type Signet,
  startSignet,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, granted, invalidClient, invalidGrant, invalidToken, type Outcome, outcome } from "./outcomes.ts";

const graceMilliseconds = 10_000;
const time = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
});
afterAll(() => signet.stop());

/** All that a person's grants to an application have led to. */
interface Situation {
  readonly home: Home & { readonly name: string; readonly issuer: string };
  readonly user: { readonly id: string };
  readonly application: Application;
  readonly redeemed: ObtainedCode;
  /** The refresh token before the live one. */
  readonly usedRefreshToken: string;
}

interface Way {
  readonly name: string;
  end(situation: Situation): Promise<unknown>;
  /** What the token endpoint says from then on, and userinfo. */
  readonly token: Outcome;
  readonly userinfo: Outcome;
  /** Whether it ends the code of another authorization of the same person and client, and the browser's session. */
  readonly endsCodes: boolean;
  readonly endsSession: boolean;
}

const invalid = { token: invalidGrant, userinfo: invalidToken };
const gone: Outcome = { status: 404, error: "invalid_request" };
const change = (body: Readonly<Record<string, unknown>>) => ({
  end: ({ home, user }: Situation) => administer(signet, "PATCH", `/${home.name}/users/${user.id}`, body),
});

const ways: readonly Way[] = [
  {
    name: "a replayed code",
    ...invalid,
    endsCodes: false,
    endsSession: false,
    async end({ application, redeemed }) {
      time.advance(2_000);
      return redeem(application, redeemed);
    },
  },
  {
    name: "a reused refresh token",
    ...invalid,
    endsCodes: false,
    endsSession: false,
    async end({ application, usedRefreshToken }) {
      time.advance(graceMilliseconds);
      return refresh(application, usedRefreshToken);
    },
  },
  { name: "a block of the user", ...invalid, endsCodes: true, endsSession: true, ...change({ blocked: true }) },
  { name: "a change of the user's roles", ...invalid, endsCodes: true, endsSession: false, ...change({ roles: ["auditor"] }) },
  {
    name: "the user's move to another collection",
    ...invalid,
    endsCodes: true,
    endsSession: true,
    ...change({ collection: "staff" }),
  },
  {
    name: "a new password of the user",
    ...invalid,
    endsCodes: true,
    endsSession: true,
    ...change({ password: "another password altogether" }),
  },
  {
    name: "the user's deletion",
    ...invalid,
    endsCodes: true,
    endsSession: true,
    end: ({ home, user }) => administer(signet, "DELETE", `/${home.name}/users/${user.id}`),
  },
  {
    name: "the client's deletion",
    token: invalidClient,
    userinfo: invalidToken,
    endsCodes: true,
    endsSession: false,
    end: ({ home, application }) =>
      fetch(`${signet.url}/v1/oidc/${home.name}/registration?client_id=${application.client.client_id}`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${home.registrationToken}` },
      }),
  },
  {
    name: "the workplace's deletion",
    token: gone,
    userinfo: gone,
    endsCodes: true,
    endsSession: true,
    end: ({ home }) => administer(signet, "DELETE", `/${home.name}`),
  },
];

let tenants = 0;
async function newSituation(format: string) {
  const home = await createTenant(signet, `tenant-${++tenants}`);
  const user = await createUser(home, "alice", { roles: ["clerk"] });
  const application = await newApplication(home, { person: user, metadata: { access_token_format: format } });
  const scope = "openid offline_access";
  const redeemed = await obtainCode(application, { scope });
  const first = await tokensOf(await redeem(application, redeemed));
  const second = await tokensOf(await refresh(application, first.refresh_token));
  const pending = await obtainCode(application, { scope });
  return { home, user, application, redeemed, usedRefreshToken: first.refresh_token, tokens: [first, second] as const, pending };
}

describe.each(["jwt", "opaque"])("with access tokens in the format %s", (format) => {
  test.each(ways)("$name ends all that the grant led to", async (way) => {
    const situation = await newSituation(format);
    const { application, tokens, pending } = situation;
    const [first, second] = tokens;
    for (const { access_token } of tokens) {
      expect(await outcome(userinfo(application.issuer, access_token))).toEqual(granted);
    }
    await way.end(situation);
    for (const { access_token } of tokens) {
      expect(await outcome(userinfo(application.issuer, access_token))).toEqual(way.userinfo);
    }
    expect(await outcome(refresh(application, second.refresh_token))).toEqual(way.token);
    expect(await outcome(refresh(application, first.refresh_token))).toEqual(way.token);
    expect(await outcome(redeem(application, pending))).toEqual(way.endsCodes ? way.token : granted);
  });
});

test.each(ways.filter(({ name }) => !name.includes("deletion")))("$name ends the session: $endsSession", async (way) => {
  const situation = await newSituation("jwt");
  const { application } = situation;
  const { agent, issuer, client } = application;
  const silent = authorizationUrl(issuer, client, { prompt: "none" });
  expect((await agent.open(silent)).callback?.searchParams.has("code")).toBe(true);
  await way.end(situation);
  expect(errorIn(await agent.open(silent))).toBe(way.endsSession ? "login_required" : null);
});

test("a deleted user's session ends too", async () => {
  const { home, user, application } = await newSituation("jwt");
  await administer(signet, "DELETE", `/${home.name}/users/${user.id}`);
  const silent = authorizationUrl(application.issuer, application.client, { prompt: "none" });
  expect(errorIn(await application.agent.open(silent))).toBe("login_required");
});

test("what a change leaves as it is ends nothing: a new name, the same roles", async () => {
  const { home, user, application, tokens } = await newSituation("jwt");
  const address = `/${home.name}/users/${user.id}`;
  await administer(signet, "PATCH", address, { claims: { name: "Alice" }, roles: ["clerk"], blocked: false });
  expect(await outcome(userinfo(application.issuer, tokens[1].access_token))).toEqual(granted);
  expect(await outcome(refresh(application, tokens[1].refresh_token))).toEqual(granted);
});

test("after a change of roles the person gets new tokens without another sign-in", async () => {
  const { home, user, application } = await newSituation("jwt");
  await administer(signet, "PATCH", `/${home.name}/users/${user.id}`, { roles: ["auditor"] });
  const tokens = await tokensOf(await redeem(application, await obtainCode(application)));
  expect(await outcome(userinfo(application.issuer, tokens.access_token))).toEqual(granted);
});

test("a workplace made anew under the name of a deleted one knows nothing of it", async () => {
  const { home, user, application, tokens, pending } = await newSituation("opaque");
  const jwt = await newApplication(home, { person: { ...application.person, ...user }, agent: application.agent });
  const jwtTokens = await tokensOf(await redeem(jwt, await obtainCode(jwt)));
  await administer(signet, "DELETE", `/${home.name}`);
  await administer(signet, "POST", "", { name: home.name });
  for (const { access_token } of [...tokens, jwtTokens]) {
    expect(await outcome(userinfo(application.issuer, access_token))).toEqual(invalidToken);
  }
  expect(await outcome(refresh(application, tokens[1].refresh_token))).toEqual(invalidClient);
  expect(await outcome(redeem(application, pending))).toEqual(invalidClient);
  await expect(registerClient(home, {}, home.name)).rejects.toThrow("401");
  const registrationToken = await registrationTokenOf(signet, home.name);
  const client = await registerClient({ ...home, registrationToken }, {}, home.name);
  expect(await outcome(refresh({ ...application, client }, tokens[1].refresh_token))).toEqual(invalidGrant);
  const silent = authorizationUrl(application.issuer, client, { prompt: "none" });
  expect(errorIn(await application.agent.open(silent))).toBe("login_required");
});
