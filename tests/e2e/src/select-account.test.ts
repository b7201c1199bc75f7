import {
  type Application,
  authorizationUrl,
  createUser,
  newApplication,
  obtainTokens,
  type Person,
  type Signet,
  startSignet,
  userAgent,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorIn, post } from "./outcomes.ts";

let signet: Signet;
let bob: Person & { readonly id: string };
beforeAll(async () => {
  signet = await startSignet();
  bob = await createUser(signet, "chooser-bob");
});
afterAll(() => signet.stop());

/** An application whose user is signed in and has agreed, and who that is. */
async function signedIn(): Promise<Application & { readonly subject: unknown }> {
  const application = await newApplication(signet);
  const { id_token } = await obtainTokens(application, { scope: "openid" });
  return { ...application, subject: decodeJwt(id_token).sub };
}

const ask = ({ agent, issuer, client }: Application, parameters: Readonly<Record<string, string>> = {}) =>
  agent.open(authorizationUrl(issuer, client, { prompt: "select_account", ...parameters }));

test("whoever is signed in chooses an account on a page of its own, and goes on as before without a password", async () => {
  const application = await signedIn();
  const page = await ask(application);
  expect([page.heading, page.status, new URL(page.url).pathname]).toEqual([
    "Choose an account",
    200,
    expect.stringMatching(/^\/select-account\/[\w-]+$/),
  ]);
  expect(page.html).toContain(">admin<");
  const { callback } = await application.agent.submit(page, { account: "same" });
  expect([callback?.searchParams.has("code"), callback?.searchParams.get("state")]).toEqual([true, "a-state"]);
});

test("whoever chooses another account signs in with it, and it is that one's code", async () => {
  const application = await signedIn();
  const signInPage = await application.agent.submit(await ask(application), { account: "another" });
  expect(signInPage.heading).toBe("Sign in");
  expect(signInPage.html).toMatch(/name="username" type="text" value=""/);
  const consent = await application.agent.submit(signInPage, { username: bob.username, password: bob.password });
  expect(consent.heading).toBe("Allow access");
  expect((await application.agent.submit(consent, { decision: "allow" })).callback?.searchParams.has("code")).toBe(true);
  const { id_token } = await obtainTokens(application, { scope: "openid" });
  expect(decodeJwt(id_token).sub).toBe(bob.id);
});

test("whoever cancels is back at the application", async () => {
  const application = await signedIn();
  expect(errorIn(await application.agent.submit(await ask(application), { account: "none" }))).toBe("account_selection_required");
});

test("M4: with prompt=login beside it the chosen account signs in again", async () => {
  const application = await signedIn();
  const signInPage = await application.agent.submit(await ask(application, { prompt: "select_account login" }), {
    account: "same",
  });
  expect(signInPage.heading).toBe("Sign in");
  expect(signInPage.html).toMatch(/name="username" type="text" value="admin"/);
  const answer = await application.agent.submit(signInPage, { ...application.person });
  expect(answer.callback?.searchParams.has("code")).toBe(true);
});

test("where nobody is signed in, signing in is the choice", async () => {
  const { issuer, client } = await signedIn();
  const page = await userAgent(signet.url).open(authorizationUrl(issuer, client, { prompt: "select_account" }));
  expect(page.heading).toBe("Sign in");
});

test("M3: prompt=none goes with no other value, and asks nothing", async () => {
  expect(errorIn(await ask(await signedIn(), { prompt: "none select_account" }))).toBe("invalid_request");
});

test("B1: a choice without the page's token is refused, and so is one of another browser", async () => {
  const { agent, ...application } = await signedIn();
  const page = await ask({ agent, ...application });
  expect((await post(agent, page.url, "account=same")).status).toBe(403);
  expect((await post(agent, page.url, "account=same&csrf_token=x")).status).toBe(403);
  const elsewhere = userAgent(signet.url);
  expect((await elsewhere.submit(page, { account: "same" })).status).toBe(403);
  expect((await agent.submit(page, { account: "nobody" })).status).toBe(400);
  expect((await agent.submit(page, { account: "same" })).callback?.searchParams.has("code")).toBe(true);
});
