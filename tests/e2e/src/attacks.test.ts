import {
  type Application,
  authorizationUrl,
  clockwork,
  createUser,
  newApplication,
  obtainTokens,
  refresh,
  type Signet,
  signIn,
  startSignet,
  tokensOf,
  type UserAgent,
  userAgent,
  type Visit,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, invalidGrant, outcome, post } from "./outcomes.ts";

const time = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
});
afterAll(() => signet.stop());

const formType = { "Content-Type": "application/x-www-form-urlencoded" };

/** A form that another site has the victim's browser send: SameSite=Lax keeps the cookies back, and what is set is taken. */
async function postedByAnotherSite(victim: UserAgent, url: string, body: string): Promise<Response> {
  const reply = await fetch(url, { method: "POST", body, redirect: "manual", headers: formType });
  for (const cookie of reply.headers.getSetCookie()) {
    const [name = "", value = ""] = cookie.split(";", 1)[0]?.split("=") ?? [];
    if (cookie.includes("Max-Age=0")) victim.cookies.delete(name);
    else victim.cookies.set(name, value);
  }
  return reply;
}

async function signedIn(): Promise<UserAgent> {
  const agent = userAgent(signet.url);
  const page = await agent.submit(await agent.open(`${signet.url}/`), { username: "admin", password: signet.adminPassword });
  expect(page.heading).toBe("You are signed in");
  return agent;
}

describe("what another site has the victim's browser post", () => {
  test.each(["csrf_token=forged", "csrf_token=", ""])("B1: %j at the sign-out signs nobody out", async (body) => {
    const victim = await signedIn();
    await postedByAnotherSite(victim, `${signet.url}/sign-out`, body);
    expect((await victim.open(`${signet.url}/`)).heading).toBe("You are signed in");
  });

  test("B1: authorization requests by the hundred neither sign the victim out nor fill the browser with cookies", async () => {
    const victim = await signedIn();
    const { client } = await newApplication(signet);
    const { origin, pathname, searchParams } = new URL(authorizationUrl(signet.url, client));
    for (let count = 0; count < 300; count++) {
      const reply = await postedByAnotherSite(victim, `${origin}${pathname}`, searchParams.toString());
      expect(reply.status).toBe(303);
    }
    expect(victim.cookies.size).toBeLessThan(20);
    expect((await victim.open(`${signet.url}/`)).heading).toBe("You are signed in");
  });

  test("an authorization request leads to a sign-in of the browser's own", async () => {
    const agent = userAgent(signet.url);
    const { client } = await newApplication(signet);
    const { origin, pathname, searchParams } = new URL(authorizationUrl(signet.url, client));
    const reply = await postedByAnotherSite(agent, `${origin}${pathname}`, searchParams.toString());
    const page = await agent.open(new URL(reply.headers.get("Location") ?? "", signet.url).href);
    const callback = await signIn(agent, page, { username: "admin", password: signet.adminPassword });
    expect(callback.searchParams.has("code")).toBe(true);
    expect([...agent.cookies.keys()].filter((name) => !name.startsWith("signet_session_"))).toEqual([]);
  });
});

describe("a request that names a user by id_token_hint (OpenID Connect Core section 3.1.2.2)", () => {
  /** Ann's browser and application, and an ID token of hers and of somebody else's. */
  async function annAndBob() {
    const ann = await newApplication(signet, { person: await createUser(signet, `ann-${crypto.randomUUID()}`) });
    const person = await createUser(signet, `bob-${crypto.randomUUID()}`);
    const bob: Application = { ...ann, person, agent: userAgent(signet.url) };
    return { ann, bob, annsHint: (await obtainTokens(ann)).id_token, bobsHint: (await obtainTokens(bob)).id_token };
  }

  const ask = ({ agent, client }: Application, parameters: Readonly<Record<string, string>>): Promise<Visit> =>
    agent.open(authorizationUrl(signet.url, client, parameters));

  test("is answered silently for that user, and for nobody else", async () => {
    const { ann, annsHint, bobsHint } = await annAndBob();
    const hers = await ask(ann, { prompt: "none", id_token_hint: annsHint });
    expect(hers.callback?.searchParams.has("code")).toBe(true);
    expect(errorIn(await ask(ann, { prompt: "none", id_token_hint: bobsHint }))).toBe("login_required");
    time.advance(2 * 60 * 60 * 1000);
    const later = await ask(ann, { prompt: "none", id_token_hint: annsHint });
    expect(later.callback?.searchParams.has("code"), "an expired ID token will do").toBe(true);
  });

  test("asks for that user's sign-in, and gives no code for another's", async () => {
    const { ann, bob, bobsHint } = await annAndBob();
    const page = await ask(ann, { id_token_hint: bobsHint });
    expect(page.heading).toBe("Sign in");
    const byAnn = await ann.agent.submit(page, { ...ann.person });
    expect([errorIn(byAnn), byAnn.callback?.searchParams.get("state")]).toEqual(["login_required", "a-state"]);
    const again = await ask(ann, { id_token_hint: bobsHint });
    expect((await ann.agent.submit(again, { ...bob.person })).callback?.searchParams.has("code")).toBe(true);
  });

  test.each(["x", "a.b.c", `e30.${Buffer.from("{}").toString("base64url")}.`])("is refused with the hint %s", async (hint) => {
    const { agent, client } = await newApplication(signet);
    const page = await agent.open(authorizationUrl(signet.url, client, { id_token_hint: hint }));
    expect(errorIn(page)).toBe("invalid_request");
  });
});

test("X19: a used refresh token is dead also where the clock was set back since, and its use ends the grant", async () => {
  const application = await newApplication(signet);
  const { refresh_token: used } = await obtainTokens(application);
  const { refresh_token: live } = await tokensOf(await refresh(application, used));
  time.advance(60 * 1000);
  // Where the grace window is over by the time that was, it stays over.
  expect((await fetch(`${signet.url}/oauth2/v1/certs`)).status).toBe(200);
  time.advance(-60 * 60 * 1000);
  expect(await outcome(refresh(application, used))).toEqual(invalidGrant);
  expect(await outcome(refresh(application, live))).toEqual(invalidGrant);
});

test("B1: the sign-out form of an earlier session does not end the next one", async () => {
  const agent = await signedIn();
  const before = await agent.open(`${signet.url}/`);
  const token = /name="csrf_token" value="([^"]+)"/.exec(before.html)?.[1] ?? "";
  await agent.submit(before, {});
  await agent.submit(await agent.open(`${signet.url}/`), { username: "admin", password: signet.adminPassword });
  const reply = await post(agent, `${signet.url}/sign-out`, `csrf_token=${token}`);
  expect(reply.status).toBe(403);
  expect((await agent.open(`${signet.url}/`)).heading).toBe("You are signed in");
});
