import { auth } from "@signet/contracts";
import { describe, expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { password } from "../testing/running-auth.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

const over = { name: "ResourceError", kind: "not_found" };
const hour = 60 * 60 * 1000;

describe("a sign-in for an application", () => {
  test("goes from the sign-in to the consent to the application", async () => {
    const { browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client, { scope: "openid email" }));
    expect(await browser.signIn(interaction)).toEqual({ $case: "next", value: auth.Step.CONSENT });
    expect(await browser.consent(interaction)).toEqual({
      redirectUri: "https://app.example/cb",
      responseMode: "query",
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: "xyz",
      iss: "https://id.example",
    });
  });

  test("ends at once where the user consented before", async () => {
    const { running, browser, client } = await startWithAnn();
    await browser.complete(client);
    const elsewhere = new Browser(running);
    const interaction = started(await elsewhere.authorize(client));
    expect(answer(await elsewhere.signIn(interaction)).code).toBeDefined();
    await expect(elsewhere.page(interaction)).rejects.toMatchObject(over);
  });

  test("gives back to the application that the user did not agree", async () => {
    const { browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client, { response_mode: "form_post" }));
    await browser.signIn(interaction);
    expect(await browser.consent(interaction, false)).toEqual({
      redirectUri: "https://app.example/cb",
      responseMode: "form_post",
      error: "access_denied",
      error_description: expect.any(String),
      state: "xyz",
      iss: "https://id.example",
    });
    await expect(browser.consent(interaction)).rejects.toMatchObject(over);
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.CONSENT);
  });

  test("a refusal needs no session", async () => {
    const { browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    expect((await browser.consent(interaction, false)).error).toBe("access_denied");
  });

  test.each([
    { username: "ann", password: "wrong password" },
    { username: "nobody", password },
    { username: "", password: "" },
    { username: "x".repeat(100_000), password },
  ])("K2: a wrong username and a wrong password get the same reply, and no session", async (credentials) => {
    const { running, browser, client, tenant } = await startWithAnn();
    const { id, secret } = started(await browser.authorize(client));
    const reply = await running.auth.submitSignIn({ tenant: tenant.name, id, secret, ...credentials });
    expect(reply).toMatchObject({ outcome: { $case: "rejected" }, session: undefined });
    expect((await browser.page({ id, secret })).step).toBe(auth.Step.SIGN_IN);
    expect((await browser.signIn({ id, secret }))?.$case).toBe("next");
  });

  test("K5: a blocked user is rejected like a wrong password", async () => {
    const { browser, client, stores, user } = await startWithAnn();
    await stores.users.replace({ ...user, blocked: true, version: 2 });
    const interaction = started(await browser.authorize(client));
    expect(await browser.signIn(interaction)).toMatchObject({ $case: "rejected" });
  });

  test.each([{ prompt: "login" }, { max_age: "0" }])("M4: with %j one sign-in is enough", async (changes) => {
    const { browser, client } = await startWithAnn();
    await browser.complete(client);
    const interaction = started(await browser.authorize(client, changes));
    expect((await browser.page(interaction)).step).toBe(auth.Step.SIGN_IN);
    expect(answer(await browser.signIn(interaction)).code).toBeDefined();
  });

  test("M4: a sign-in in another tab is not the one that prompt=login asks for", async () => {
    const { browser, client } = await startWithAnn();
    await browser.complete(client);
    const interaction = started(await browser.authorize(client, { prompt: "login", scope: "openid email" }));
    await browser.signIn(started(await browser.authorize(client, { prompt: "login" })));
    expect((await browser.page(interaction)).step).toBe(auth.Step.SIGN_IN);
    await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "unauthenticated" });
  });

  test("prompt=consent asks again, and once", async () => {
    const { browser, client } = await startWithAnn();
    await browser.complete(client);
    const interaction = started(await browser.authorize(client, { prompt: "consent" }));
    expect((await browser.consent(interaction)).code).toBeDefined();
  });

  test("two parallel tabs sign in one after the other, and then agree one after the other", async () => {
    const { browser, client, addClient } = await startWithAnn();
    const other = addClient({ redirectUris: ["https://other.example/cb"] });
    const [one, two] = [started(await browser.authorize(client)), started(await browser.authorize(other))];
    await browser.signIn(one);
    await browser.signIn(two);
    expect((await browser.page(one)).step).toBe(auth.Step.CONSENT);
    expect((await browser.consent(one)).code).toBeDefined();
    expect((await browser.consent(two)).redirectUri).toBe("https://other.example/cb");
  });

  test("what one user was asked is not decided as another, who signed in in another tab meanwhile", async () => {
    const { browser, client, addUser, stores, tenant } = await startWithAnn();
    const bob = await addUser({ username: "bob" });
    const interaction = started(await browser.authorize(client));
    await browser.signIn(interaction);
    await browser.signIn(started(await browser.authorize(client, { prompt: "login" })), { username: "bob" });
    expect((await browser.page(interaction)).step).toBe(auth.Step.SIGN_IN);
    await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(await stores.consents.find(tenant.id, bob.id, client.id)).toEqual([]);
  });

  test("consent that was asked for with a session of before is decided with that one", async () => {
    const { browser, client } = await startWithAnn();
    await browser.complete(client);
    const interaction = started(await browser.authorize(client, { scope: "openid phone" }));
    const session = browser.session;
    browser.session = "";
    await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "unauthenticated" });
    browser.session = session;
    expect((await browser.consent(interaction)).code).toBeDefined();
  });

  test("a consent page that was left open until the session ended goes back to the sign-in", async () => {
    const { browser, client, running, tenant } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    await browser.signIn(interaction);
    await running.auth.endSession({ tenant: tenant.name, session: browser.session });
    expect((await browser.page(interaction)).step).toBe(auth.Step.SIGN_IN);
    await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "unauthenticated" });
    await browser.signIn(interaction);
    expect((await browser.consent(interaction)).code).toBeDefined();
  });

  test("of many submits of one consent exactly one is answered", async () => {
    const { browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    await browser.signIn(interaction);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => browser.consent(interaction)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject(over);
  });

  test("of two submits of one sign-in that ends the interaction exactly one is answered", async () => {
    const { running, browser, client } = await startWithAnn();
    await browser.complete(client);
    const elsewhere = new Browser(running);
    const interaction = started(await elsewhere.authorize(client));
    const results = await Promise.allSettled([elsewhere.signIn(interaction), elsewhere.signIn(interaction)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("a sign-in whose interaction was refused meanwhile signs nobody in", async () => {
    const { browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    const [signIn, refusal] = await Promise.allSettled([browser.signIn(interaction), browser.consent(interaction, false)]);
    expect(refusal).toMatchObject({ status: "fulfilled", value: { error: "access_denied" } });
    expect(signIn).toMatchObject({ status: "rejected", reason: over });
    expect(browser.session).toBe("");
  });

  test("lives for an hour", async () => {
    const { browser, client, advance } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    advance(hour - 1);
    await browser.page(interaction);
    advance(1);
    await expect(browser.page(interaction)).rejects.toMatchObject(over);
    await expect(browser.signIn(interaction)).rejects.toMatchObject(over);
    await expect(browser.consent(interaction)).rejects.toMatchObject(over);
  });
});

describe("a sign-in without an application", () => {
  test("ends at the page that says who is signed in", async () => {
    const { running, browser, tenant } = await startWithAnn();
    const { interaction } = await running.auth.startSignIn({ tenant: tenant.name });
    if (interaction === undefined) throw new Error("an interaction was begun");
    expect(interaction.step).toBe(auth.Step.SIGN_IN);
    expect(await browser.page(interaction)).toMatchObject({
      step: auth.Step.SIGN_IN,
      application: undefined,
      redirectTarget: "",
    });
    expect(await browser.signIn(interaction)).toEqual({ $case: "next", value: auth.Step.SIGNED_IN });
    expect(await browser.page(interaction)).toMatchObject({
      step: auth.Step.SIGNED_IN,
      user: { username: "ann", name: "Ann Example" },
    });
    expect(await running.auth.getSession({ tenant: tenant.name, session: browser.session })).toEqual({
      user: { username: "ann", name: "Ann Example" },
    });
    await expect(browser.consent(interaction)).rejects.toMatchObject(over);
  });
});
