import { auth } from "@signet/contracts";
import { passwordAcr } from "@signet/protocol";
import { expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { redefineScopes } from "../testing/running-auth.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

const redirectUri = "https://app.example/cb";
const asking = (claims: object, scope = "openid") => ({ scope, claims: JSON.stringify(claims) });
const emailAndName = asking({ userinfo: { name: null }, id_token: { email: { essential: true }, unknown: null, acr: null } });

async function redeemed({ running, client }: Awaited<ReturnType<typeof startWithAnn>>, code = "") {
  const { outcome } = await running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri });
  if (outcome?.$case !== "redeemed") throw new Error("the code is redeemed");
  return outcome.value;
}

test("claims that are asked for by name are shown in words, and come with the code once they were agreed to", async () => {
  const begun = await startWithAnn();
  const { browser, client, stores, user } = begun;
  await stores.users.replace({ ...user, email: "ann@app.example", version: 2 });
  const interaction = started(await browser.authorize(client, emailAndName));
  await browser.signIn(interaction);
  const { step, scopes, claims } = await browser.page(interaction);
  expect([step, scopes.map(({ name }) => name), claims]).toEqual([
    auth.Step.CONSENT,
    ["openid"],
    [
      { name: "name", description: "See your name" },
      { name: "email", description: "See your email address" },
    ],
  ]);
  expect(await redeemed(begun, (await browser.consent(interaction)).code)).toMatchObject({
    requestedClaims: { userinfo: ["name"], idToken: ["acr", "email"] },
    idTokenClaims: JSON.stringify({ email: "ann@app.example" }),
  });
});

test("claims that were agreed to once are not asked for again, and others are", async () => {
  const { browser, client } = await startWithAnn();
  await browser.complete(client, emailAndName);
  expect(answer(await browser.authorize(client, emailAndName)).code).toBeDefined();
  const more = asking({ userinfo: { phone_number: null } });
  expect(answer(await browser.authorize(client, { ...more, prompt: "none" })).error).toBe("consent_required");
  expect(started(await browser.authorize(client, more)).step).toBe(auth.Step.CONSENT);
});

test("a scope that was agreed to covers its claims, but a claim no scope", async () => {
  const { browser, client } = await startWithAnn();
  await browser.complete(client, { scope: "openid email" });
  const email = asking({ id_token: { email: null } }, "openid email");
  expect(answer(await browser.authorize(client, email)).code).toBeDefined();
  const other = await startWithAnn();
  await other.browser.complete(other.client, emailAndName);
  expect(started(await other.browser.authorize(other.client, { scope: "openid email" })).step).toBe(auth.Step.CONSENT);
});

test("a free attribute is asked for by its name, where the client has a custom scope that stands for it", async () => {
  const { running, browser, client } = await startWithAnn();
  const wanted = asking({ userinfo: { badge_number: null } });
  expect(started(await browser.authorize(client, wanted)).step).toBe(auth.Step.SIGN_IN);
  redefineScopes(running, client, [{ name: "badge", description: "Your badge", fields: ["badge_number"] }]);
  const interaction = started(await browser.authorize(client, wanted));
  await browser.signIn(interaction);
  expect((await browser.page(interaction)).claims).toEqual([
    { name: "badge_number", description: "See “badge_number” in your profile" },
  ]);
});

test("a consent page that was shown before a claim came to be open is over: nobody agrees to what it did not show", async () => {
  const { running, browser, client } = await startWithAnn();
  const interaction = started(await browser.authorize(client, asking({ userinfo: { badge_number: null } })));
  await browser.signIn(interaction);
  redefineScopes(running, client, [{ name: "badge", description: "Your badge", fields: ["badge_number"] }]);
  await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "not_found" });
});

test("the claim sub with a value: nobody else is answered with a code", async () => {
  const { browser, client, user, addUser } = await startWithAnn();
  await addUser({ username: "bob" });
  const annOnly = asking({ id_token: { sub: { value: user.id } } });
  expect((await browser.complete(client, annOnly)).code).toBeDefined();
  expect(answer(await browser.authorize(client, { ...annOnly, prompt: "none" })).code).toBeDefined();

  const bobs = new Browser(browser.running);
  await bobs.signIn(started(await bobs.authorize(client)), { username: "bob" });
  expect(answer(await bobs.authorize(client, { ...annOnly, prompt: "none" })).error).toBe("login_required");
  const interaction = started(await bobs.authorize(client, annOnly));
  expect(interaction.step).toBe(auth.Step.SIGN_IN);
  expect(answer(await bobs.signIn(interaction, { username: "bob" })).error).toBe("login_required");
});

test("an essential acr is what the sign-in is, or the request fails, also before anybody signed in", async () => {
  const { browser, client } = await startWithAnn();
  const requiring = (...values: string[]) => asking({ id_token: { acr: { essential: true, values } } });
  expect(answer(await browser.authorize(client, requiring("a class that nobody knows"))).error).toBe(
    "unmet_authentication_requirements",
  );
  expect((await browser.complete(client, requiring("another", passwordAcr))).code).toBeDefined();
  expect(answer(await browser.authorize(client, { ...requiring(passwordAcr), prompt: "none" })).code).toBeDefined();
});

test("a user who was blocked after the code was issued gets no claims from it", async () => {
  const begun = await startWithAnn();
  const { code } = await begun.browser.complete(begun.client, emailAndName);
  await begun.running.auth.updateUser({ tenant: "default", id: begun.user.id, user: { blocked: true } });
  await expect(redeemed(begun, code)).rejects.toMatchObject({ code: "invalid_grant" });
});
